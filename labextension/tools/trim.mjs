// Leaves in dist/ what JupyterLab reads, and nothing that differs from one
// machine to the next.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';

const { name, version, description, license, author, jupyterlab } = JSON.parse(
  readFileSync('dist/package.json', 'utf8')
);
const manifest = { name, version, description, license, author, jupyterlab };
writeFileSync('dist/package.json', JSON.stringify(manifest, null, 2) + '\n');
rmSync('dist/schemas/gospark/package.json.orig', { force: true });
