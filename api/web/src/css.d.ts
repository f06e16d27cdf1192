declare module '*.css';
declare module 'htmx.org';
