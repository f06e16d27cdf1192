// Builds stylesheet, islands and icon sprite into ../static/dist with hashed names and a manifest.
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const out = process.env.WEB_OUT ?? '../static/dist';
const manifest = {};

/** One `<symbol>` for each icon named in icons.txt: a page loads one small file, not 1,700 icons. */
function sprite() {
  const names = readFileSync('icons.txt', 'utf8').split('\n').filter(line => line && !line.startsWith('#'));
  const symbols = names.map(name => {
    const svg = readFileSync(`node_modules/lucide-static/icons/${name}.svg`, 'utf8');
    const body = svg.slice(svg.indexOf('>', svg.indexOf('<svg')) + 1, svg.lastIndexOf('</svg>'));
    return `<symbol id="${name}" viewBox="0 0 24 24">${body.replace(/\s+/g, ' ').trim()}</symbol>`;
  });
  const text = `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>`;
  const file = `sprite-${createHash('sha256').update(text).digest('hex').slice(0, 8)}.svg`;
  writeFileSync(join(out, file), text);
  manifest['sprite.svg'] = file;
}

async function bundles() {
  const result = await build({
    entryPoints: ['src/app.ts', 'src/viewer.ts', 'src/designer.ts', 'src/editor.ts', 'src/decisions.ts', 'src/forms.ts'],
    // Editors of bpmn.io within the strict policy (see src/csp), with our functions in formulas, and with one copy of preact.
    alias: {
      domify: './src/csp/domify.ts', 'style-mod': './src/csp/style-mod.ts', preact: './node_modules/preact',
      '@bpmn-io/feel-editor': './src/designer/feel-editor.ts',
      '@bpmn-io/feelers-editor': './src/designer/feelers-editor.ts',
    },
    bundle: true,
    format: 'esm',
    splitting: true,
    minify: true,
    metafile: true,
    target: ['es2022', 'safari16.4'],
    outdir: out,
    entryNames: '[name]-[hash]',
    chunkNames: 'chunk-[hash]',
    assetNames: '[name]-[hash]',
    define: { 'process.env.NODE_ENV': '"production"' },
    loader: { '.woff2': 'file', '.woff': 'file', '.ttf': 'empty', '.eot': 'empty', '.svg': 'empty' },
    legalComments: 'linked', // the licences travel with the bundles
    logLevel: 'warning',
  });
  for (const [file, made] of Object.entries(result.metafile.outputs)) {
    if (!made.entryPoint) continue;
    const name = basename(made.entryPoint, '.ts');
    manifest[`${name}.js`] = basename(file);
    if (made.cssBundle) manifest[`${name}.css`] = basename(made.cssBundle);
  }
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
sprite();
await bundles();
writeFileSync(join(out, 'manifest.json'), JSON.stringify(manifest, null, 1) + '\n');
