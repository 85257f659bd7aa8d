import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { Words } from '../views/parts';
import { LoadChart } from './chart';
import { count, fraction, operationState, rowsOf, summary, taskWords, took, volumeWords } from './facts';
import type { ISpan, ITasks, IWork, PartState } from './messages';

export interface IRunProps {
  work: IWork;
  trans: TranslationBundle;
  /** What stands before the line; nothing under the cell itself. */
  title?: React.ReactNode;
  isOpen: boolean;
  /** Why the last cancel was refused; empty where it was not. */
  refusal: string;
  onToggle: () => void;
  onCancel: () => void;
  onCancelOperation: (id: string) => void;
  onCancelJob: (id: number) => void;
  /** Shows the work of all cells; absent where that is what is seen. */
  onAll?: () => void;
}

/** The work of one run of a cell: a line, and below it the details. */
export function Run(props: IRunProps): React.JSX.Element {
  const { work, trans, isOpen } = props;
  const running = work.state === 'running';
  const words = summary(work, trans);
  const state = {
    running: trans.__('Spark runs'),
    done: trans.__('done'),
    failed: trans.__('failed'),
    cancelled: trans.__('cancelled'),
    gone: ''
  }[work.state];
  return (
    <div className={`gs-Run gs-mod-${work.state}`}>
      <div className="gs-Run-line">
        {props.title}
        <button
          type="button"
          className="gs-Run-fold"
          aria-expanded={isOpen}
          title={
            isOpen ? trans.__('Hide the details') : trans.__('Show jobs, stages and what slows them down')
          }
          onClick={props.onToggle}
        >
          <span className="gs-Run-arrow" aria-hidden="true" />
          <span className="gs-Run-state">{state}</span>
          {running ? <Bar tasks={work.totals} label={words} /> : null}
          <span className="gs-Run-words">{words}</span>
          {work.notes.length > 0 ? (
            <span className="gs-Run-notes">{trans._n('%1 remark', '%1 remarks', work.notes.length)}</span>
          ) : null}
        </button>
        {running ? (
          <button
            type="button"
            className="gs-Run-cancel"
            title={trans.__('Interrupt this cell, and all that Spark does for it')}
            onClick={props.onCancel}
          >
            {trans.__('Cancel')}
          </button>
        ) : null}
      </div>
      {props.refusal ? (
        <p className="gs-remark gs-mod-warning" role="alert">
          {props.refusal}
        </p>
      ) : null}
      {isOpen ? <Details {...props} /> : null}
    </div>
  );
}

function Details(props: IRunProps): React.JSX.Element {
  const { work, trans } = props;
  const volume = volumeWords(work.totals, trans);
  return (
    <div className="gs-Run-details">
      <LoadChart work={work} trans={trans} />
      {work.notes.map(note => (
        <p key={note} className="gs-remark gs-mod-warning">
          <Words text={note} />
        </p>
      ))}
      <div
        className="gs-Run-parts"
        tabIndex={0}
        role="group"
        aria-label={trans.__('Operations, jobs and stages')}
      >
        <Parts {...props} />
      </div>
      <p className="gs-Run-foot">
        <span>{volume.join(' · ')}</span>
        {work.leftJobs + work.leftStages > 0 ? (
          <span>
            {trans.__(
              '%1 earlier jobs and %2 stages are summed up',
              count(work.leftJobs),
              count(work.leftStages)
            )}
          </span>
        ) : null}
        {props.onAll ? (
          <button type="button" className="gs-Run-all" onClick={props.onAll}>
            {trans.__('All cells')}
          </button>
        ) : null}
      </p>
    </div>
  );
}

/** Operations with their jobs, and those with their stages. */
function Parts(props: IRunProps): React.JSX.Element {
  const { work, trans } = props;
  const rows = rowsOf(work);
  const of = (operation: string): React.JSX.Element[] =>
    rows
      .filter(r => (r.job?.operation ?? '') === operation)
      .map(r => <Job key={r.job?.id ?? -1} {...props} {...r} />);
  const known = new Set(work.operations.map(o => o.id));
  return (
    <table>
      <thead>
        <tr>
          <th>{trans.__('what')}</th>
          <th>{trans.__('tasks')}</th>
          <th className="gs-Run-when">{trans.__('when')}</th>
          <th>{trans.__('took')}</th>
          <th>{trans.__('data')}</th>
        </tr>
      </thead>
      <tbody>
        {work.operations.map((o, at) => (
          <React.Fragment key={o.id}>
            <tr className="gs-mod-operation">
              <th scope="row" title={o.id}>
                {trans.__('operation %1', at + 1)}
                {o.running ? (
                  <CancelPart
                    label={trans.__('Cancel operation %1', at + 1)}
                    onCancel={() => props.onCancelOperation(o.id)}
                  />
                ) : null}
              </th>
              <TaskCell tasks={{ ...o, running: 0, failed: 0 }} trans={trans} />
              <When span={o} seconds={work.seconds} state={operationState(work, o)} />
              <td>{took(o.seconds)}</td>
              <td />
            </tr>
            {of(o.id)}
          </React.Fragment>
        ))}
        {rows
          .filter(r => !known.has(r.job?.operation ?? ''))
          .map(r => (
            <Job key={r.job?.id ?? -1} {...props} {...r} />
          ))}
      </tbody>
    </table>
  );
}

/** The small button that ends a part of the work. */
function CancelPart(props: { label: string; onCancel: () => void }): React.JSX.Element {
  return (
    <button
      type="button"
      className="gs-Run-cancel"
      aria-label={props.label}
      title={props.label}
      onClick={props.onCancel}
    >
      ×
    </button>
  );
}

function Job(props: IRunProps & ReturnType<typeof rowsOf>[number]): React.JSX.Element {
  const { job, stages, work, trans } = props;
  return (
    <>
      {job ? (
        <tr className="gs-mod-job">
          <th scope="row" title={job.about}>
            {job.about ? `${trans.__('job %1', job.id)}: ${job.about}` : trans.__('job %1', job.id)}
            {job.state === 'running' ? (
              <CancelPart
                label={trans.__('Cancel job %1: what waits for it fails', job.id)}
                onCancel={() => props.onCancelJob(job.id)}
              />
            ) : null}
          </th>
          <TaskCell tasks={job} trans={trans} />
          <When span={job} seconds={work.seconds} state={job.state} />
          <td>{took(job.seconds)}</td>
          <td />
        </tr>
      ) : null}
      {stages.map(stage => (
        <tr key={stage.id} className="gs-mod-stage">
          <th scope="row">{trans.__('stage %1', stage.id)}</th>
          <TaskCell tasks={stage} trans={trans} />
          <When span={stage} seconds={work.seconds} state={job ? stage.state : 'waiting'} />
          <td>{stage.state === 'waiting' || !job ? '' : took(stage.seconds)}</td>
          <td>{volumeWords(stage, trans).join(' · ')}</td>
        </tr>
      ))}
    </>
  );
}

function TaskCell(props: { tasks: ITasks; trans: TranslationBundle }): React.JSX.Element {
  const words = taskWords(props.tasks, props.trans);
  return (
    <td className="gs-Run-tasks">
      <Bar tasks={props.tasks} label={words} />
      <span>
        {props.tasks.done === props.tasks.tasks
          ? count(props.tasks.tasks)
          : `${count(props.tasks.done)}/${count(props.tasks.tasks)}`}
        {props.tasks.failed ? <em>{props.trans.__('%1 failed', count(props.tasks.failed))}</em> : null}
      </span>
    </td>
  );
}

function Bar(props: { tasks: ITasks; label: string }): React.JSX.Element {
  const percent = Math.round(100 * fraction(props.tasks));
  const known = props.tasks.tasks > 0;
  return (
    <span
      className={`gs-Bar${known ? '' : ' gs-mod-endless'}`}
      role="progressbar"
      aria-label={props.label}
      {...(known ? { 'aria-valuemin': 0, 'aria-valuemax': 100, 'aria-valuenow': percent } : {})}
    >
      <span style={known ? { width: `${percent}%` } : undefined} />
    </span>
  );
}

/** When something ran, on the time of the cell. */
function When(props: { span: ISpan; seconds: number; state: PartState }): React.JSX.Element {
  const all = Math.max(props.seconds, 0.1);
  const left = Math.min(99, (100 * props.span.began) / all);
  const width = Math.min(100 - left, Math.max(1, (100 * props.span.seconds) / all));
  return (
    <td className="gs-Run-when">
      {props.state === 'waiting' ? null : (
        <span className={`gs-mod-${props.state}`} style={{ marginLeft: `${left}%`, width: `${width}%` }} />
      )}
    </td>
  );
}
