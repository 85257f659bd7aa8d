import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { bytes, duration } from '../format';
import type { Page, PagesModel } from '../webui';
import { Tabs, Words } from './parts';
import type { IExecutor, IJob, INewest, IQuery, IStage } from '../webuiprotocol';

/** The built-in pages about Spark's work, for where the Spark Web UI itself cannot be shown. */
export class PagesPanel extends ReactWidget {
  constructor(
    private readonly model: PagesModel,
    private readonly trans: TranslationBundle,
    private readonly proxy: boolean
  ) {
    super();
    this.addClass('gs-Pages');
  }

  override dispose(): void {
    this.model.dispose();
    super.dispose();
  }

  protected override onAfterShow(): void {
    this.model.watch(true);
  }

  protected override onAfterHide(): void {
    this.model.watch(false);
  }

  protected override render(): React.JSX.Element {
    return (
      <UseSignal signal={this.model.changed}>
        {() => <Pages model={this.model} trans={this.trans} proxy={this.proxy} />}
      </UseSignal>
    );
  }
}

interface IProps {
  model: PagesModel;
  trans: TranslationBundle;
}

function Pages({ model, trans, proxy }: IProps & { proxy: boolean }): React.JSX.Element {
  React.useEffect(() => {
    model.watch(true);
    return () => model.watch(false);
  }, [model]);
  const titles: [Page, string][] = [
    ['jobs', trans.__('Jobs')],
    ['stages', trans.__('Stages')],
    ['executors', trans.__('Executors')],
    ['queries', trans.__('SQL')]
  ];
  return (
    <>
      <p className="gs-hint">
        {proxy ? (
          trans.__('These are the built-in pages: jupyter-server-proxy does not reach the kernel’s machine.')
        ) : (
          <Words
            text={trans.__(
              'These are the built-in pages. For the full Spark Web UI in this tab: `pip install jupyter-server-proxy` where the Jupyter server runs, and restart that.'
            )}
          />
        )}
      </p>
      <Tabs
        label={trans.__('Spark Web UI')}
        panel="gospark-page"
        tabs={titles}
        now={model.page}
        onChoose={page => model.show(page)}
      />
      <div id="gospark-page" role="tabpanel" aria-labelledby={`gospark-page-${model.page}`}>
        {model.failure ? (
          <p className="gs-Failure" role="alert">
            {model.failure}
          </p>
        ) : null}
        <Shown model={model} trans={trans} />
      </div>
    </>
  );
}

function Shown({ model, trans }: IProps): React.JSX.Element {
  switch (model.page) {
    case 'jobs':
      return <Table told={model.jobs} columns={jobColumns(trans)} keyOf={job => job.id} trans={trans} />;
    case 'stages':
      return (
        <Table
          told={model.stages}
          columns={stageColumns(trans)}
          keyOf={stage => `${stage.id}.${stage.attempt}`}
          trans={trans}
        />
      );
    case 'executors':
      return (
        <Table told={model.executors} columns={executorColumns(trans)} keyOf={one => one.id} trans={trans} />
      );
    case 'queries':
      return model.query ? (
        <Plan query={model.query} model={model} trans={trans} />
      ) : (
        <Table
          told={model.queries}
          columns={queryColumns(model, trans)}
          keyOf={query => query.id}
          trans={trans}
        />
      );
  }
}

interface IColumn<T> {
  title: string;
  of: (row: T) => React.ReactNode;
  right?: boolean;
}

function Table<T>(props: {
  told: INewest<T> | null;
  columns: readonly IColumn<T>[];
  keyOf: (row: T) => React.Key;
  trans: TranslationBundle;
}): React.JSX.Element {
  const { told, columns, keyOf, trans } = props;
  if (!told) {
    return <p className="gs-empty">{trans.__('Asking Spark…')}</p>;
  }
  if (told.all.length === 0) {
    return <p className="gs-empty">{trans.__('Nothing yet.')}</p>;
  }
  return (
    <>
      <table className="gs-PageTable">
        <thead>
          <tr>
            {columns.map(c => (
              <th key={c.title} scope="col" className={c.right ? 'gs-right' : undefined}>
                {c.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {told.all.map(row => (
            <tr key={keyOf(row)}>
              {columns.map(c => (
                <td key={c.title} className={c.right ? 'gs-right' : undefined}>
                  {c.of(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {told.left > 0 ? <p className="gs-hint">{trans.__('%1 older ones', told.left)}</p> : null}
    </>
  );
}

function time(at: number): string {
  return at ? new Date(at).toLocaleTimeString() : '';
}

/** Milliseconds for people. */
function lasting(ms: number): string {
  return ms < 1000
    ? `${Math.round(ms)} ms`
    : ms < 60_000
      ? `${(ms / 1000).toFixed(1)} s`
      : duration(ms / 1000);
}

function took(submitted: number, completed: number): string {
  return submitted ? lasting(Math.max(0, (completed || Date.now()) - submitted)) : '';
}

function size(n: number): string {
  return n ? bytes(n) : '';
}

function Status(props: { word: string }): React.JSX.Element {
  const { word } = props;
  const kind =
    word === 'failed'
      ? 'failed'
      : word === 'running' || word === 'active'
        ? 'connecting'
        : word === 'succeeded' || word === 'complete' || word === 'completed'
          ? 'ready'
          : 'detached';
  return (
    <span className="gs-Word">
      <span className={`gs-Dot gs-mod-${kind}`} /> {word}
    </span>
  );
}

function Tasks(props: {
  done: number;
  tasks: number;
  failed: number;
  trans: TranslationBundle;
}): React.JSX.Element {
  const { done, tasks, failed, trans } = props;
  return (
    <span className="gs-Tasks">
      <span
        className="gs-Bar"
        role="progressbar"
        aria-label={trans.__('Tasks')}
        aria-valuemin={0}
        aria-valuemax={tasks}
        aria-valuenow={done}
      >
        <div style={{ width: `${tasks ? (100 * done) / tasks : 0}%` }} />
      </span>
      {done}/{tasks}
      {failed ? ` (${trans.__('%1 failed', failed)})` : ''}
    </span>
  );
}

function jobColumns(trans: TranslationBundle): IColumn<IJob>[] {
  return [
    { title: trans.__('Job'), of: job => job.id, right: true },
    { title: trans.__('What'), of: job => job.about },
    { title: trans.__('Whose'), of: job => (job.mine ? trans.__('this notebook') : '') },
    { title: trans.__('Status'), of: job => <Status word={job.status} /> },
    { title: trans.__('Began'), of: job => time(job.submitted) },
    { title: trans.__('Took'), of: job => took(job.submitted, job.completed), right: true },
    { title: trans.__('Stages'), of: job => job.stages.join(', ') },
    { title: trans.__('Tasks'), of: job => <Tasks {...job} trans={trans} /> }
  ];
}

function stageColumns(trans: TranslationBundle): IColumn<IStage>[] {
  return [
    {
      title: trans.__('Stage'),
      of: stage => (stage.attempt ? `${stage.id}.${stage.attempt}` : stage.id),
      right: true
    },
    { title: trans.__('What'), of: stage => stage.about },
    { title: trans.__('Status'), of: stage => <Status word={stage.status} /> },
    { title: trans.__('Began'), of: stage => time(stage.submitted) },
    { title: trans.__('Took'), of: stage => took(stage.submitted, stage.completed), right: true },
    { title: trans.__('Tasks'), of: stage => <Tasks {...stage} trans={trans} /> },
    { title: trans.__('Work'), of: stage => (stage.runTime ? lasting(stage.runTime) : ''), right: true },
    { title: trans.__('Read'), of: stage => size(stage.input), right: true },
    { title: trans.__('Written'), of: stage => size(stage.output), right: true },
    { title: trans.__('Shuffle read'), of: stage => size(stage.shuffleRead), right: true },
    { title: trans.__('Shuffle written'), of: stage => size(stage.shuffleWrite), right: true },
    { title: trans.__('Spilled'), of: stage => size(stage.spilled), right: true }
  ];
}

function executorColumns(trans: TranslationBundle): IColumn<IExecutor>[] {
  return [
    { title: trans.__('Executor'), of: one => one.id },
    { title: trans.__('Address'), of: one => one.host },
    { title: trans.__('Status'), of: one => <Status word={one.active ? 'active' : 'gone'} /> },
    { title: trans.__('Cores'), of: one => one.cores, right: true },
    { title: trans.__('Tasks now'), of: one => one.running, right: true },
    { title: trans.__('Done'), of: one => one.done, right: true },
    { title: trans.__('Failed'), of: one => one.failed || '', right: true },
    { title: trans.__('Work'), of: one => lasting(one.runTime), right: true },
    { title: trans.__('GC'), of: one => lasting(one.gcTime), right: true },
    {
      title: trans.__('Storage memory'),
      of: one => `${bytes(one.memoryUsed)} / ${bytes(one.memory)}`,
      right: true
    },
    { title: trans.__('Read'), of: one => size(one.input), right: true },
    { title: trans.__('Shuffle read'), of: one => size(one.shuffleRead), right: true },
    { title: trans.__('Shuffle written'), of: one => size(one.shuffleWrite), right: true }
  ];
}

function queryColumns(model: PagesModel, trans: TranslationBundle): IColumn<IQuery>[] {
  return [
    { title: trans.__('Query'), of: query => query.id, right: true },
    {
      title: trans.__('What'),
      of: query => (
        <button type="button" className="gs-Link" onClick={() => void model.open(query.id)}>
          {query.about || trans.__('plan of query %1', query.id)}
        </button>
      )
    },
    { title: trans.__('Status'), of: query => <Status word={query.status} /> },
    { title: trans.__('Began'), of: query => time(query.submitted) },
    { title: trans.__('Took'), of: query => lasting(query.took), right: true },
    { title: trans.__('Jobs'), of: query => query.jobs.join(', ') }
  ];
}

function Plan(props: { query: IQuery; model: PagesModel; trans: TranslationBundle }): React.JSX.Element {
  const { query, model, trans } = props;
  return (
    <section className="gs-Plan" aria-label={trans.__('Query %1', query.id)}>
      <div className="gs-Buttons">
        <button type="button" className="jp-mod-styled jp-mod-reject gs-Button" onClick={() => model.close()}>
          {trans.__('All queries')}
        </button>
      </div>
      <h3>{query.about || trans.__('Query %1', query.id)}</h3>
      <p className="gs-about">
        <Status word={query.status} /> · {time(query.submitted)} · {lasting(query.took)}
        {query.jobs.length > 0 ? ` · ${trans.__('jobs %1', query.jobs.join(', '))}` : ''}
      </p>
      <pre tabIndex={0}>{query.plan}</pre>
    </section>
  );
}
