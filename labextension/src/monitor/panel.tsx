import type { INotebookTracker } from '@jupyterlab/notebook';
import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';
import * as React from 'react';
import { sparkIcon } from '../icons';
import type { NotebookMonitor } from './notebook';
import { Run } from './run';

/** The work of all cells of the notebook in front, in a tab. */
export class MonitorPanel extends ReactWidget {
  constructor(
    private readonly tracker: INotebookTracker,
    private readonly monitors: ReadonlyMap<string, NotebookMonitor>,
    private readonly trans: TranslationBundle
  ) {
    super();
    this.addClass('gs-MonitorPanel');
    this.title.label = trans.__('Spark monitor');
    this.title.icon = sparkIcon;
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', trans.__('Spark monitor'));
    tracker.currentChanged.connect(this.follow, this);
    this.follow();
  }

  override dispose(): void {
    Signal.disconnectReceiver(this);
    super.dispose();
  }

  protected override render(): React.JSX.Element {
    const monitor = this._monitor;
    if (!monitor) {
      return <p className="gs-empty">{this.trans.__('No notebook of Go (Spark) is open.')}</p>;
    }
    return (
      <UseSignal key={monitor.panel.id} signal={monitor.changed}>
        {() => <Works monitor={monitor} trans={this.trans} />}
      </UseSignal>
    );
  }

  /** The last notebook that has a monitor stays while another thing is in front. */
  private follow(): void {
    const current = this.tracker.currentWidget;
    const monitor = current && this.monitors.get(current.id);
    if (monitor) {
      this._monitor = monitor;
      monitor.panel.disposed.connect(this.forget, this);
    }
    this.update();
  }

  private forget(): void {
    if (this._monitor?.panel.isDisposed) {
      this._monitor = null;
      this.update();
    }
  }

  private _monitor: NotebookMonitor | null = null;
}

function Works(props: { monitor: NotebookMonitor; trans: TranslationBundle }): React.JSX.Element {
  const { monitor, trans } = props;
  const [chosen, choose] = React.useState<Readonly<Record<string, boolean>>>({});
  const model = monitor.model;
  const works = model?.works ?? [];
  const name = monitor.panel.title.label;
  return (
    <>
      <div className="gs-Header">
        <h2>
          {name}{' '}
          <span className="gs-state">
            {works.some(w => w.state === 'running') ? trans.__('Spark runs') : trans.__('nothing runs')}
          </span>
        </h2>
      </div>
      {works.length === 0 ? (
        <p className="gs-empty">
          {trans.__('What Spark does for the cells of this notebook is shown here.')}
        </p>
      ) : null}
      {works.map(work => {
        const isOpen = chosen[work.cell] ?? work.state === 'running';
        return (
          <Run
            key={work.cell}
            work={work}
            trans={trans}
            title={
              <button
                type="button"
                className="gs-Run-cell"
                title={trans.__('Show this cell')}
                onClick={() => monitor.reveal(work.cellId)}
              >
                <span>{`[${work.number}]`}</span> {work.about}
              </button>
            }
            isOpen={isOpen}
            onToggle={() => choose({ ...chosen, [work.cell]: !isOpen })}
            refusal={model?.refusal(work) ?? ''}
            onCancel={() => void model?.cancel(work)}
            onCancelOperation={id => void model?.cancelOperation(work, id)}
            onCancelJob={id => void model?.cancelJob(work, id)}
          />
        );
      })}
    </>
  );
}
