/* A form is sent once, and a page with unsaved entries is not left by accident.
   The server treats a form that arrives twice as one; this only keeps the person from wondering. */
const unsaved = new Set();

/* What was typed in this form is safe: the page may be left. */
export function settle(form) {
  unsaved.delete(form);
}

export function guardForm(form) {
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (form.matches("[hx-post], [hx-get]") || event.defaultPrevented) return;
    if (sent) {
      event.preventDefault();
      return;
    }
    sent = true;
    unsaved.delete(form);
    // A download answers without leaving the page.
    if (form.method === "get" || form.hasAttribute("data-stays")) {
      sent = false;
      return;
    }
    form.toggleAttribute("data-busy", true);
    event.submitter?.setAttribute("aria-disabled", "true");
  });
  // The back button may bring back a page as it was left: let it be sent again.
  window.addEventListener("pageshow", () => {
    sent = false;
    form.removeAttribute("data-busy");
    for (const button of form.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
  });
  if (form.hasAttribute("data-guard")) form.addEventListener("input", () => unsaved.add(form));
}

window.addEventListener("beforeunload", (event) => {
  if (unsaved.size > 0) event.preventDefault();
});
