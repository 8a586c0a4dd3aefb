// Shows beside a number, address or link how it will be stored, as soon as it is typed or pasted.
"use strict";

const showStored = async field => {
  // A box of a table says its kind and country itself; in a form of a record they have boxes of their own.
  const row = field.name.replace(/value$/, "");
  const kind = field.dataset.kind ?? document.getElementsByName(row + "kind")[0]?.value;
  const country = field.dataset.country ?? document.getElementsByName("country")[0]?.value;
  let output = field.parentElement.querySelector("output");
  if (!output) {
    output = document.createElement("output");
    output.htmlFor = field.id;
    output.className = "help";
    field.after(output);
  }
  output.textContent = "";
  if (!field.value || !kind) return;
  const query = new URLSearchParams({kind, value: field.value, country: country ?? ""});
  const answer = await fetch(`${document.querySelector("[data-contact-preview]").dataset.contactPreview}?${query}`);
  // Redirected to the login: the session has ended, and what is typed stays.
  if (answer.ok && !answer.redirected) output.textContent = (await answer.json()).message;
};

document.addEventListener("change", event => {
  const field = event.target;
  if (/(^|-)value$/.test(field.name) || ["phone", "email"].includes(field.dataset.kind)) showStored(field);
  if (/(^|-)kind$/.test(field.name)) {
    const value = document.getElementsByName(field.name.replace(/kind$/, "value"))[0];
    if (value) showStored(value);
  }
});
