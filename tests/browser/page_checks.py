"""JavaScript expressions that return what is wrong with the page they run in."""

# Violations of these rules that axe finds, each with the rule, the element and the remedy. Colours that change by and
# by, as those of the login do with the theme, are looked at in the end.
AXE = """
async (rules) => {
  const changes = document.getAnimations().filter(animation => animation instanceof CSSTransition);
  await Promise.allSettled(changes.map(change => change.finished));
  // Describing what is right takes longer than finding out.
  const {violations} = await axe.run({...rules, resultTypes: ["violations"]});
  return violations.flatMap(({id, nodes}) => nodes.map(node => [id, ...node.target, node.failureSummary]));
}
"""

# What moves by itself, or takes its time to change.
MOVING = """
() => {
  const lasting = [...document.querySelectorAll("*")].filter(element => {
    const style = getComputedStyle(element);
    return style.animationName !== "none" || parseFloat(style.transitionDuration) > 0;
  });
  const scrolling = getComputedStyle(document.documentElement).scrollBehavior;
  return [...lasting.map(element => element.outerHTML.slice(0, 100)), ...scrolling === "auto" ? [] : [scrolling]];
}
"""

# The width of a page that one has to scroll sideways.
TOO_WIDE = "[document.documentElement.scrollWidth].filter(width => width > innerWidth)"

# Words that stick out of a picture or of a box that hides the rest.
CUT_OFF = """
() => {
  const outside = (part, whole) => part.left < whole.left - 1 || part.right > whole.right + 1;
  const extent = element => {
    const range = document.createRange();
    range.selectNodeContents(element);
    return range.getBoundingClientRect();
  };
  const drawn = [...document.querySelectorAll("svg text")].filter(text =>
    text.checkVisibility() && getComputedStyle(text.ownerSVGElement).overflowX !== "visible"
    && outside(text.getBoundingClientRect(), text.ownerSVGElement.getBoundingClientRect()));
  const hidden = [...document.querySelectorAll("main *, header *, footer *")].filter(element =>
    !element.closest("svg, .visually-hidden, input, select, textarea, thead") && element.clientWidth
    && ["hidden", "clip"].includes(getComputedStyle(element).overflowX)
    // Not by its scrollWidth: the dots between facts may go.
    && outside(extent(element), element.getBoundingClientRect()));
  return [...drawn, ...hidden].map(element => element.textContent.trim().slice(0, 60));
}
"""

# Marks and shapes that carry a meaning and could vanish: what paints them, as red, green, blue, beside the paper.
PAINTED = """
() => {
  const rgb = (colour) => (colour.match(/[\\d.]+/g) ?? []).slice(0, 3).map(Number);
  const paint = (element, pseudo, property) => rgb(getComputedStyle(element, pseudo)[property]);
  const all = (selector, pseudo, property) => [...document.querySelectorAll(selector)]
    .filter(element => element.checkVisibility()).map(element => [selector, paint(element, pseudo, property)]);
  return {
    paper: paint(document.body, null, "backgroundColor"),
    parts: [
      ...all(
        ".city-map .dot, .bar rect:not(.fading), .relations .dot, .rate-bar :last-child",
        null, "fill"),
      ...all(".city-map text, .relations text, .matrix text:not(.in-dot)", null, "fill"),
      ...all(".relations line, .matrix .dot", null, "stroke"),
      ...all(".correct", "::before", "backgroundColor"),
      ...all(".mark", "::before", "borderTopColor"),
    ],
  };
}
"""

# Words in the colour of the patch that browsers paint behind forced text.
UNSEEN = """
() => {
  const patch = document.body.appendChild(document.createElement("i"));
  patch.style.color = "Canvas";
  const colour = getComputedStyle(patch).color;
  patch.remove();
  return [...document.querySelectorAll("body :not(svg *)")]
    .filter(element => [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim()))
    .filter(element => element.checkVisibility() && getComputedStyle(element).color === colour)
    .filter(element => getComputedStyle(element).forcedColorAdjust !== "none"
      || getComputedStyle(element).backgroundColor === colour)
    .map(element => element.outerHTML.slice(0, 100));
}
"""

# WCAG 2.2, 2.5.8: a target has 24 by 24 CSS pixels, or a circle of that width around its middle meets no other target
# and no other such circle. Links in a sentence are exempt, and so are the dots of a map, whose places are what it says.
TOO_SMALL = """
() => {
  const LEAST = 24;
  const TARGETS = "a[href], button, input:not([type=hidden]), select, textarea, summary";
  const inSentence = (element) => {
    if (getComputedStyle(element).display !== "inline") return false;
    const block = element.closest("p, li, dd, td, th");
    const words = block && [...block.childNodes].filter(node => node.nodeType === Node.TEXT_NODE);
    return Boolean(block) && /\\p{L}{2}/u.test(words.map(node => node.data).join(""));
  };
  const box = (element) => {
    // A label belongs to what is ticked.
    const boxes = [element, element.closest("label")].filter(Boolean).map(part => part.getBoundingClientRect());
    const left = Math.min(...boxes.map(one => one.left)), right = Math.max(...boxes.map(one => one.right));
    const top = Math.min(...boxes.map(one => one.top)), bottom = Math.max(...boxes.map(one => one.bottom));
    const width = right - left, height = bottom - top;
    // A link of which only the line it stands in is tall has still to be hit.
    const isLow = element.matches("a") && !element.closest("svg") && height < LEAST - .5;
    return {element, isLow, left, right, top, bottom, width, height, x: left + width / 2, y: top + height / 2,
      isSmall: width < LEAST - .5 || height < LEAST - .5};
  };
  const gap = (from, to, place) => Math.max(from - place, 0, place - to);
  const distance = (one, other) => other.isSmall
    ? Math.hypot(one.x - other.x, one.y - other.y) - LEAST / 2
    : Math.hypot(gap(other.left, other.right, one.x), gap(other.top, other.bottom, one.y));
  const targets = [...document.querySelectorAll(TARGETS)]
    .filter(element => element.checkVisibility({visibilityProperty: true}))
    .filter(element => !element.closest(".skip, .visually-hidden, .city-map") && !inSentence(element))
    .map(box);
  return targets
    .filter(one => one.isLow
      || one.isSmall && targets.some(other => other !== one && distance(one, other) < LEAST / 2 - .5))
    .map(one => `${one.element.outerHTML.slice(0, 100)} ${Math.round(one.width)} x ${Math.round(one.height)}`);
}
"""

# What is wrong with the focus of an element; nothing when somebody who looks at the page sees where it is.
HIDDEN_FOCUS = """
(element) => {
  if (element === document.body || element === document.documentElement) return "the focus is lost";
  const name = element.outerHTML.slice(0, 120);
  if (!element.checkVisibility({opacityProperty: true, visibilityProperty: true})) return `not visible: ${name}`;
  const rings = [element, ...element.querySelectorAll(".reach-area")].map(part => getComputedStyle(part));
  const ring = rings.some(style => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0)
    || rings.slice(1).some(style => style.stroke !== "none");
  // The content itself is where a link leads, and nothing that one could press.
  if (element.tabIndex >= 0 && !ring) return `no ring: ${name}`;
  const box = element.getClientRects()[0];
  const inside = box.top < innerHeight && box.bottom > 0 && box.left < innerWidth && box.right > 0;
  if (!inside) return `outside the window: ${name}`;
  const x = Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 1);
  const y = Math.min(Math.max(box.top + box.height / 2, 1), innerHeight - 1);
  const seen = document.elementFromPoint(x, y);
  // The dots of a map may lie over each other.
  const own = element.closest("svg") ?? element;
  if (!seen || !(own.contains(seen) || seen.contains(element))) return `covered: ${name}`;
  return "";
}
"""

# After a key, when the browser takes every focus for one by keyboard. In the end nothing has the focus.
HIDDEN_FOCUSES = f"""
() => {{
  const targets = [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
    .filter(element => element.type !== "hidden" && element.tabIndex >= 0 && element.checkVisibility());
  const hidden = targets
    .map(element => {{ element.focus(); return ({HIDDEN_FOCUS})(document.activeElement); }})
    .filter(Boolean);
  document.activeElement.blur();
  return hidden;
}}
"""
