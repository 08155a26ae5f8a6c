/* Live total of the amounts in a form. Amounts are read and written as the server does, in whole cents. */
const DUTCH = /^(\d{1,3}(?:\.\d{3})+)(?:,(\d{1,2}))?$/;
const ENGLISH = /^(\d{1,3}(?:,\d{3})+)(?:\.(\d{1,2}))?$/;
const PLAIN = /^(\d+)(?:[.,](\d{1,2}))?$/;

export function cents(text) {
  const plain = text.replace(/[\s€]|EUR/gi, "").replace(/[.,](?:-{1,2}|–|—)$/, "");
  const match = DUTCH.exec(plain) ?? ENGLISH.exec(plain) ?? PLAIN.exec(plain);
  if (!match) return null;
  const [, whole, part = ""] = match;
  return Number(whole.replace(/[.,]/g, "") + part.padEnd(2, "0"));
}

/* € 10.000 or € 10.000,50: cents only when there are any, and a space that never breaks. */
export function money(amount, language) {
  const rest = amount % 100;
  const whole = new Intl.NumberFormat("en").format((amount - rest) / 100);
  const text = rest ? `${whole}.${String(rest).padStart(2, "0")}` : whole;
  const swapped = text.replace(/[.,]/g, (sign) => (sign === "." ? "," : "."));
  return `€\u00a0${language === "en" ? text : swapped}`;
}

export function showTotal(output) {
  const form = output.closest("form");
  const show = () => {
    let total = 0;
    for (const input of form.querySelectorAll(`[data-amount="${output.dataset.total}"]`)) {
      total += cents(input.value) ?? 0;
    }
    output.textContent = money(total, document.documentElement.lang);
  };
  form.addEventListener("input", show);
  show();
}
