import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { wordOf } from '../views/panel';
import { count, fraction } from './facts';
import type { NotebookMonitor } from './notebook';

/** How a notebook stands to Spark, in its toolbar; a click opens the panel. */
export class ToolbarItem extends ReactWidget {
  constructor(
    private readonly monitor: NotebookMonitor,
    private readonly trans: TranslationBundle,
    private readonly open: () => void
  ) {
    super();
    this.addClass('gs-ToolbarItem');
  }

  protected override render(): React.JSX.Element {
    return <UseSignal signal={this.monitor.changed}>{() => this.item()}</UseSignal>;
  }

  private item(): React.JSX.Element | null {
    const { trans } = this;
    const model = this.monitor.model;
    if (!model) {
      return null;
    }
    const word = wordOf(model, trans);
    const running = model.running;
    const tasks = running.reduce((n, w) => n + w.totals.tasks, 0);
    const done = running.reduce((n, w) => n + w.totals.done, 0);
    const percent = Math.round(100 * fraction({ tasks, done }));
    return (
      <>
        <button
          type="button"
          className="gs-ToolbarState"
          title={trans.__('Spark is %1. Click to open its panel.', word)}
          onClick={this.open}
        >
          <span className={`gs-Dot gs-mod-${model.status?.state ?? 'detached'}`} />
          <span>Spark</span>
          {running.length > 0 ? (
            <span
              className="gs-Bar"
              role="progressbar"
              aria-label={trans.__('Tasks')}
              aria-valuenow={percent}
            >
              <span style={{ width: `${percent}%` }} />
            </span>
          ) : null}
          {running.length > 0 ? <span>{`${count(done)}/${count(tasks)}`}</span> : null}
        </button>
        {running.length > 0 ? (
          <button
            type="button"
            className="gs-Run-cancel"
            title={trans.__('Interrupt the cells for which Spark runs')}
            onClick={() => running.forEach(w => void model.cancel(w))}
          >
            {trans.__('Cancel')}
          </button>
        ) : null}
      </>
    );
  }
}
