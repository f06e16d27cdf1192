declare module '*.css';
declare module 'htmx.org';
declare module 'bpmn-auto-layout' {
  export function layoutProcess(xml: string): Promise<string>;
}
declare module 'bpmn-js-create-append-anything';
