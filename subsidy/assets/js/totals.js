/* Live total of the amounts in a form. Amounts are read as the server reads them, in whole cents. */
export function cents(text) {
  const plain = text.replace(/[€\s\u00a0\u202f]/g, "");
  const match = /^(-?)(\d{1,3}(?:[.,]\d{3})+|\d+)(?:[.,](\d{1,2}))?$/.exec(plain);
  if (!match) return null;
  const [, sign, whole, part = ""] = match;
  const value = Number(whole.replace(/[.,]/g, "")) * 100 + Number(part.padEnd(2, "0"));
  return sign ? -value : value;
}

export function showTotal(output) {
  const form = output.closest("form");
  const format = new Intl.NumberFormat(document.documentElement.lang, { style: "currency", currency: "EUR" });
  const show = () => {
    let total = 0;
    for (const input of form.querySelectorAll(`[data-amount="${output.dataset.total}"]`)) {
      total += cents(input.value) ?? 0;
    }
    output.textContent = format.format(total / 100);
  };
  form.addEventListener("input", show);
  show();
}
