/* Cuts from the design system's style sheets what this program does not use. */
import postcss from "postcss";

const FOREIGN_CLASS = /\.((?:nl|utrecht)-[\w-]+)/g;
const NOT_YET_WRONG = /:(?:user-)?invalid\b/;
const REFERENCE = /var\(\s*(--[\w-]+)/g;

/* Removes the browser's own idea of invalid (a required field is not wrong because it is still empty; the
   server says what is), then rules on design-system classes that no page has, then custom properties that nobody reads,
   again and again: a token read only by a removed token goes too. Our own classes are always kept. */
export function prune(css, words) {
  const sheet = postcss.parse(css);
  sheet.walkRules((rule) => {
    const kept = rule.selectors.filter(
      (selector) =>
        !NOT_YET_WRONG.test(selector) &&
        [...selector.replace(/:not\([^)]*\)/g, "").matchAll(FOREIGN_CLASS)].every(([, name]) => words.has(name)),
    );
    if (kept.length === 0) rule.remove();
    else rule.selectors = kept.map((selector) => selector.replace(".voorbeeld-theme", ":root"));
  });
  for (let removed = 1; removed > 0; ) {
    removed = 0;
    const read = new Set();
    sheet.walkDecls((declaration) => {
      for (const [, name] of declaration.value.matchAll(REFERENCE)) read.add(name);
    });
    sheet.walkDecls(/^--/, (declaration) => {
      if (read.has(declaration.prop)) return;
      declaration.remove();
      removed += 1;
    });
  }
  sheet.walkRules((rule) => {
    if (rule.nodes.length === 0) rule.remove();
  });
  return sheet.toString();
}
