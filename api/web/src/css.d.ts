declare module '*.css';
declare module 'htmx.org';
declare module 'bpmn-auto-layout' {
  export function layoutProcess(xml: string): Promise<string>;
}
declare module 'bpmn-js-create-append-anything';
declare module 'dmn-js/lib/Modeler' {
  export default class Modeler { constructor(options: object) }
}
declare module '*/node_modules/@bpmn-io/feel-editor/dist/index.js' {
  export default class FeelEditor {
    constructor(options: object);
    setVariables(variables: object[]): void;
  }
}
declare module '*/node_modules/domify/index.js' {
  export default function domify(html: string, doc?: Document): Node;
}
