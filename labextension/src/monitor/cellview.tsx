import type { Cell } from '@jupyterlab/cells';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { PanelLayout } from '@lumino/widgets';
import * as React from 'react';
import type { MonitorModel } from './model';
import { Run } from './run';

/** While a cell has this class, the kernel's own progress line in its output is hidden. */
const MONITORED = 'gs-monitored';

/** The work of one notebook cell, between its text and its output. */
export class CellView extends ReactWidget {
  constructor(
    private readonly cell: Cell,
    private readonly model: MonitorModel,
    private readonly trans: TranslationBundle,
    private readonly onAll: () => void
  ) {
    super();
    this.addClass('gs-CellMonitor');
    const layout = cell.layout as PanelLayout;
    const output = layout.widgets.findIndex(w => w.hasClass('jp-Cell-outputWrapper'));
    layout.insertWidget(output < 0 ? layout.widgets.length : output, this);
    cell.addClass(MONITORED);
    model.changed.connect(this.look, this);
    cell.disposed.connect(this.dispose, this);
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.cell.removeClass(MONITORED);
      super.dispose();
    }
  }

  protected override render(): React.JSX.Element | null {
    const { model, trans } = this;
    const work = model.ofCell(this.cell.model.id);
    return work ? (
      <Run
        work={work}
        trans={trans}
        isOpen={model.isOpen(work)}
        onToggle={() => model.toggle(work)}
        refusal={model.refusal(work)}
        onCancel={() => void model.cancel(work)}
        onCancelOperation={id => void model.cancelOperation(work, id)}
        onCancelJob={id => void model.cancelJob(work, id)}
        onAll={this.onAll}
      />
    ) : null;
  }

  private look(_: MonitorModel, cellId: string): void {
    if (cellId === '' || cellId === this.cell.model.id) {
      this.update();
    }
  }
}
