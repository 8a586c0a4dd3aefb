// Joins the page's button to the passkeys of the browser, and says when those are refused.
(() => {
  const button = document.getElementById("passkey");
  const forms = window.allauth.webauthn.forms;
  const use = button.dataset.use === "add" ? forms.addForm : forms.authenticateForm;
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    document.getElementById("passkey-failed").hidden = false;
  });
  use({ ids: { add: "passkey", authenticate: "passkey", credential: "id_credential", data: "passkey-data" } });
  // Until here, and without scripts, a click would be lost.
  button.disabled = false;
})();
