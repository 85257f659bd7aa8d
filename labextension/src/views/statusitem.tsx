import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type { SparkModel } from '../model';
import { wordOf } from './panel';

/** The connection's state in the status bar; a click opens the panel. */
export class StatusItem extends ReactWidget {
  constructor(
    private readonly model: SparkModel,
    private readonly trans: TranslationBundle,
    private readonly open: () => void
  ) {
    super();
    this.addClass('gs-StatusItem');
  }

  protected override render(): React.JSX.Element {
    return <UseSignal signal={this.model.changed}>{() => this.item()}</UseSignal>;
  }

  private item(): React.JSX.Element {
    const state = this.model.status?.state ?? 'detached';
    const word = wordOf(this.model, this.trans);
    const running = this.model.report?.operations.length ?? 0;
    const cells = this.model.status?.running ?? 0;
    const busy = Math.max(running, cells);
    return (
      <button
        type="button"
        className="jp-StatusItem-button gs-StatusButton"
        title={this.trans.__('Spark is %1. Click to open its panel.', word)}
        onClick={this.open}
      >
        <span className={`gs-Dot gs-mod-${state}`} />
        <span>Spark {word}</span>
        {state === 'ready' && busy > 0 ? (
          <span className="gs-busy">{this.trans._n('%1 runs', '%1 run', busy)}</span>
        ) : null}
      </button>
    );
  }
}
