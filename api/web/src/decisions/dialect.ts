// The editor knows DMN 1.3 alone. Files of other versions are read to it as that one, and written
// back as what they are; what 1.3 has no word for is not opened, because it would not be written.

const PLACE = 'https://www.omg.org/spec/DMN/';
const OLD = 'http://www.omg.org/spec/DMN/';
const MODEL = `${PLACE}20191111/MODEL/`;
const DRAWN = `${PLACE}20191111/DMNDI/`;

/** By version: the names that its file has for what 1.3 calls MODEL and DRAWN. */
const DIALECTS: Record<string, [model: string, drawn: string]> = {
  '1.1': [`${OLD}20151101/dmn.xsd`, ''],
  '1.2': [`${OLD}20180521/MODEL/`, `${OLD}20180521/DMNDI/`],
  '1.4': [`${PLACE}20211108/MODEL/`, `${PLACE}20211108/DMNDI/`],
  '1.5': [`${PLACE}20230324/MODEL/`, `${PLACE}20230324/DMNDI/`],
};

export interface Dialect { read(xml: string): string; write(xml: string): string }

function renamed(xml: string, from: string, to: string): string {
  return from ? xml.replaceAll(`"${from}"`, `"${to}"`).replaceAll(`'${from}'`, `'${to}'`) : xml;
}

export function dialect(xml: string): Dialect {
  const root = /<(?:[\w.-]+:)?definitions\b[^>]*>/.exec(xml)?.[0] ?? '';
  const found = Object.values(DIALECTS).find(([model]) => renamed(root, model, MODEL) !== root);
  if (!found) return { read: text => text, write: text => text };
  const [model, drawn] = found;
  return {
    read: text => renamed(renamed(text, model, MODEL), drawn, DRAWN),
    write: text => renamed(drawn ? renamed(text, DRAWN, drawn) : text, MODEL, model),
  };
}
