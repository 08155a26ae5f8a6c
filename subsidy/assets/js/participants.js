/* A list to choose a participant from follows the names that are typed on the same page. Without scripts the
   server gives the names that it knows when it shows the page. */
export function followParticipants(organisations) {
  const form = organisations.closest("form");

  const typed = () =>
    [...organisations.querySelectorAll("[data-new-key]")]
      .map((key) => [key.value, key.closest("[data-row], [data-organisation]").querySelector('[data-fills="name"]').value])
      .filter(([, name]) => name.trim());

  function selects() {
    const templates = [...form.querySelectorAll("template")].map((template) => template.content);
    return [form, ...templates].flatMap((root) => [...root.querySelectorAll("select[data-participants]")]);
  }

  function follow() {
    const named = typed();
    for (const select of selects()) {
      const chosen = select.value;
      const empty = select.options[0];
      select.replaceChildren(empty, ...named.map(([key, name]) => new Option(name, key)));
      select.value = named.some(([key]) => key === chosen) ? chosen : "";
    }
  }

  organisations.addEventListener("input", follow);
  organisations.addEventListener("change", follow);
  follow();
}
