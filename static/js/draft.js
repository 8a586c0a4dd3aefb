// Keeps what is typed into an institution's form in this browser, until it is sent. Without it the form works the same.
"use strict";

const sent = document.querySelector("[data-draft-sent]");
const form = document.querySelector("form[data-draft]");
const key = `draft-${(sent ?? form)?.dataset.draftSent ?? form?.dataset.draft}`;

if (sent) localStorage.removeItem(key);
else if (form) {
  const note = document.querySelector("[data-draft-note]");
  const boxes = [...form.querySelectorAll("input:not([type=hidden]), select, textarea")];
  const name = (box) => box.type === "checkbox" ? `${box.name}=${box.value}` : box.name;
  const isListed = (box) => {
    if (box.options) return [...box.options].every((option) => option.selected === option.defaultSelected);
    return box.type === "checkbox" ? box.checked === box.defaultChecked : box.value === box.defaultValue;
  };
  const kept = JSON.parse(localStorage.getItem(key) ?? "{}");

  // What the server has sent back is newer.
  if (!("typed" in form.dataset)) for (const box of boxes) if (name(box) in kept) {
    if (box.type === "checkbox") box.checked = kept[name(box)];
    else box.value = kept[name(box)];
    note.hidden = false;
  }
  note.querySelector("button").addEventListener("click", () => {
    localStorage.removeItem(key);
    form.reset();
    note.hidden = true;
  });
  form.addEventListener("input", () => {
    const typed = boxes.filter((box) => !isListed(box));
    const values = typed.map((box) => [name(box), box.type === "checkbox" ? box.checked : box.value]);
    localStorage.setItem(key, JSON.stringify(Object.fromEntries(values)));
  });
}
