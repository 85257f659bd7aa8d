import { LabIcon } from '@jupyterlab/ui-components';
import type { Kind } from './catalogprotocol';

function icon(name: string, shape: string): LabIcon {
  const svgstr = `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 16 16">
  <g class="jp-icon3" fill="#616161" fill-rule="evenodd">${shape}</g>
</svg>`;
  return new LabIcon({ name: `gospark:${name}`, svgstr });
}

const catalog = icon(
  'catalog',
  '<path d="M8 1C4.7 1 2 2.1 2 3.5v9C2 13.9 4.7 15 8 15s6-1.1 6-2.5v-9C14 2.1 11.3 1 8 1zm0 1.2c2.8 0 4.8.8 4.8 1.3S10.800 4.800 8 4.800 3.200 4 3.200 3.500 5.200 2.200 8 2.200zM3.200 5.300C4.300 5.800 6 6 8 6s3.700-.2 4.800-.7v3c-.3.400-2.100 1.200-4.800 1.200S3.500 8.700 3.200 8.300zm0 4.600c1.100.500 2.800.800 4.800.800s3.700-.3 4.800-.8v2.600c0 .5-2 1.300-4.800 1.300s-4.800-.8-4.800-1.300z"/>'
);
const schema = icon(
  'schema',
  '<path d="M1.500 3h5l1.500 1.500h6.500v9h-13zm1.200 2.700v6.600h10.600V5.700z"/>'
);
const table = icon(
  'table',
  '<path d="M1.500 2.500h13v11h-13zm1.200 3.700v2.300h3.100V6.200zm4.300 0v2.300h6.300V6.200zM2.700 9.700v2.600h3.100V9.700zm4.300 0v2.600h6.300V9.700z"/>'
);
const view = icon(
  'view',
  '<path d="M8 3.500C4.500 3.500 1.900 6 1 8c.9 2 3.500 4.500 7 4.500S14.100 10 15 8c-.9-2-3.500-4.500-7-4.500zm0 1.200c2.600 0 4.700 1.700 5.600 3.300-.9 1.600-3 3.300-5.600 3.300S3.300 9.600 2.400 8C3.300 6.400 5.400 4.700 8 4.700zM8 6a2 2 0 100 4 2 2 0 000-4z"/>'
);
const column = icon('column', '<path d="M5.500 2.500h5v11h-5zm1.200 1.200v8.600h2.600V3.700z"/>');

/** What a node of the tree is, at a glance. */
export function iconOf(kind: Kind | undefined): LabIcon {
  switch (kind) {
    case 'catalog':
      return catalog;
    case 'schema':
    case undefined:
      return schema;
    case 'table':
      return table;
    case 'column':
      return column;
    default:
      return view;
  }
}
