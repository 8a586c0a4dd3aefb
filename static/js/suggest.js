// Suggestions under a search field, as the ARIA combobox pattern asks for: arrow keys choose, Enter opens the record
// or, with nothing chosen, sends the form; Escape closes. Without this script the form works the same.
"use strict";

for (const form of document.querySelectorAll("form[data-suggest]")) {
  const input = form.querySelector("input[type=search]");
  const list = document.createElement("ul");
  const status = document.createElement("span");
  let waiting, asking, chosen = -1;

  list.id = `${input.id}-list`;
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", form.querySelector("label").textContent);
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id,
  })) input.setAttribute(name, value);
  input.after(list, status);

  const close = () => {
    list.hidden = true;
    choose(-1);
    input.setAttribute("aria-expanded", "false");
  };

  const choose = (place) => {
    chosen = place;
    [...list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === place)));
    const option = list.children[place];
    if (option) {
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  };

  const line = (text, className, language) => {
    const span = document.createElement("span");
    span.textContent = text;
    if (className) span.className = className;
    if (language) span.lang = language;
    return span;
  };

  const show = (suggestions) => {
    list.replaceChildren(...suggestions.map((suggestion, place) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${place}`;
      option.dataset.url = suggestion.url;
      option.setAttribute("role", "option");
      option.append(line(suggestion.name, "", suggestion.language));
      // The second line begins with the name that was found, if the first one is another.
      const below = document.createElement("span");
      if (suggestion.found_by) below.append(line(suggestion.found_by, "other-name", suggestion.found_by_language), " · ");
      else if (suggestion.second_name) below.append(line(suggestion.second_name, "other-name", suggestion.second_language), " · ");
      below.append(line(suggestion.facts.join(" · "), "soft"));
      option.append(below);
      return option;
    }));
    status.textContent = suggestions.length ? `${form.dataset.some} (${suggestions.length})` : form.dataset.none;
    list.hidden = !suggestions.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    choose(-1);
  };

  const ask = async () => {
    asking?.abort();
    const text = input.value.trim();
    if (text.length < 2) return close();
    asking = new AbortController();
    try {
      const answer = await fetch(`${form.dataset.suggest}?${new URLSearchParams({ q: text })}`, { signal: asking.signal });
      if (answer.ok) show((await answer.json()).suggestions);
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  };

  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 120);
  });
  input.addEventListener("keydown", (event) => {
    const last = list.children.length - 1;
    if (event.key === "Escape" && !list.hidden) {
      close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden) {
        if (list.children.length) show_again();
        return;
      }
      choose(event.key === "ArrowDown" ? (chosen < last ? chosen + 1 : -1) : (chosen > -1 ? chosen - 1 : last));
    } else if (event.key === "Enter" && chosen > -1) {
      location.assign(list.children[chosen].dataset.url);
    } else return;
    event.preventDefault();
  });
  const show_again = () => {
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
  };
  // Before the field loses the focus, or the click would find the list closed.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) location.assign(option.dataset.url);
  });
  input.addEventListener("blur", close);
}
