import type { JupyterFrontEnd } from '@jupyterlab/application';
import { SplitPanel, TabPanel, type Widget } from '@lumino/widgets';

/**
 * Brings a tab to the front, in the main area where it is not in the page yet. Notebook 7 has
 * room for the notebook alone there, and takes other tabs below it.
 */
export function showTab(shell: JupyterFrontEnd.IShell, tab: Widget, mode?: 'split-bottom'): void {
  if (!tab.parent) {
    shell.add(tab, 'main', mode ? { mode } : {});
  }
  const isBelow = !tab.parent;
  if (isBelow) {
    shell.add(tab, 'down');
  }
  shell.activateById(tab.id);
  const around = tab.parent?.parent;
  if (around instanceof TabPanel) {
    around.currentWidget = tab;
    const split = around.parent;
    if (isBelow && around.widgets.length === 1 && split instanceof SplitPanel) {
      split.setRelativeSizes(split.widgets.map(w => (w === around ? 1 : 2))); // it had no height at all
    }
  }
}
