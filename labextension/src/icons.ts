import { LabIcon } from '@jupyterlab/ui-components';

const spark = `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24">
  <path class="jp-icon3 jp-icon-selectable" fill="#616161" d="M12 1.5l2.1 6.3 5.9-2.9-2.9 5.9 6 2.2-6.3 2.1 2.4 5.6-5.3-2.4-2.4 4.2-1.9-4.6-5.3 2.2 2.3-5.3L1 12.4l6-1.9L4.6 4.9l5.6 2.6z"/>
</svg>`;

/** The Spark panel's own icon. */
export const sparkIcon = new LabIcon({ name: 'gospark:spark', svgstr: spark });
