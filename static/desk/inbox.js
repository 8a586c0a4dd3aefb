// The inbox by keyboard, and without waiting for pages: without scripts the same buttons send the form.
const form = document.getElementById("inbox-form");
const said = document.querySelector(".inbox-said");
// The rows of the last decision: "u" takes it back wherever the cursor has moved.
let latest = [];
const rows = () => [...form.querySelectorAll("tr[data-id]")];
const current = () => document.activeElement.closest?.("tr[data-id]");

function go(row) {
  if (!row) return;
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

// Without a current row, the first one that is open.
function neighbour(step) {
  const all = rows();
  const at = all.indexOf(current());
  return at < 0 ? all.find((row) => row.dataset.state === "open") : all[at + step];
}

function nextOpen(after) {
  const all = rows();
  const rest = all.slice(all.indexOf(after) + 1);
  return rest.find((row) => row.dataset.state === "open") ?? after;
}

async function decide(action, ids) {
  const data = new FormData(form);
  for (const name of ["accept", "decline", "undo", "accept_rule"]) data.delete(name);
  data.set(action, ids.join(","));
  const before = ids.map((id) => document.getElementById(`p${id}`));
  before.forEach((row) => row.setAttribute("aria-busy", "true"));
  try {
    const answer = await fetch(form.action, { method: "POST", body: data, headers: { "X-Requested-With": "fetch" } });
    if (![200, 409].includes(answer.status)) throw new Error(answer.status);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    let last = null;
    let refusal = null;
    for (const fresh of page.querySelectorAll("tr[data-id]")) {
      const old = document.getElementById(fresh.id);
      old?.replaceWith(fresh);
      last = fresh;
      refusal ??= fresh.querySelector(".errornote");
    }
    latest = action === "undo" || refusal ? [] : ids;
    const words = { accept: "accepted", decline: "declined", undo: "undone" }[action];
    said.textContent = refusal ? refusal.textContent : said.dataset[words];
    go(refusal ? refusal.closest("tr") : action === "undo" ? last : nextOpen(last));
  } catch {
    before.forEach((row) => row.removeAttribute("aria-busy"));
    said.textContent = said.dataset.failed;
  }
}

form.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!button || !["accept", "decline", "undo"].includes(button.name)) return;
  event.preventDefault();
  decide(button.name, button.value.split(",").filter(Boolean));
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
  const row = current();
  const open = row?.dataset.state === "open";
  if (event.key === "j") go(neighbour(1));
  else if (event.key === "k") go(neighbour(-1));
  else if (event.key === "a" && open) decide("accept", [row.dataset.id]);
  else if (event.key === "d" && open) decide("decline", [row.dataset.id]);
  else if (event.key === "u" && row && !open) decide("undo", [row.dataset.id]);
  else if (event.key === "u" && latest.length) decide("undo", latest);
  else if (event.key === "A" && row) {
    const group = row.closest("section");
    const ids = [...group.querySelectorAll('tr[data-state="open"]')].map((each) => each.dataset.id);
    if (ids.length) decide("accept", ids);
  } else return;
  event.preventDefault();
});
