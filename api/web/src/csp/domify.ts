// Around the package of this name: what editors write as text becomes elements without a `style`
// attribute ever being parsed, which the policy forbids. The object model may say the same.
import written from '../../node_modules/domify/index.js';

const ASIDE = 'data-styled';
const ATTRIBUTE = /(<[a-z][^<>]*?\s)style=(?=["'])/gi;

type Made = HTMLElement | SVGElement | DocumentFragment;

export default function domify(html: string, doc?: Document): Made {
  const made = written(html.replace(ATTRIBUTE, `$1${ASIDE}=`), doc) as Made;
  if (!('querySelectorAll' in made)) return made;
  const inside = [...made.querySelectorAll<HTMLElement | SVGElement>(`[${ASIDE}]`)];
  for (const one of made instanceof DocumentFragment ? inside : [made, ...inside]) {
    const said = one.getAttribute(ASIDE);
    if (said === null) continue;
    one.style.cssText = said;
    one.removeAttribute(ASIDE);
  }
  return made;
}
