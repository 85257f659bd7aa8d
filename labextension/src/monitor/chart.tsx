import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { took } from './facts';
import type { IPoint, IWork } from './messages';

const WIDTH = 1000;
const HEIGHT = 100;

/** The lines of a step chart, in a box of 1000 by 100. */
export function steps(
  load: readonly IPoint[],
  seconds: number,
  most: number,
  value: (p: IPoint) => number
): string {
  const x = (s: number): string => ((WIDTH * s) / Math.max(seconds, 0.1)).toFixed(1);
  const y = (n: number): string => (HEIGHT - (HEIGHT * n) / Math.max(most, 1)).toFixed(1);
  let path = '';
  for (const p of load) {
    path += path === '' ? `M0,${y(value(p))}H${x(p.seconds)}` : `V${y(value(p))}H${x(p.seconds)}`;
  }
  return path;
}

/** How many tasks ran on how many cores, from the cell's start to now. */
export function LoadChart(props: { work: IWork; trans: TranslationBundle }): React.JSX.Element | null {
  const { load, seconds } = props.work;
  const last = load.at(-1);
  if (load.length < 2 || !last) {
    return null;
  }
  const cores = Math.max(...load.map(p => p.cores));
  const most = Math.max(cores, ...load.map(p => p.running), 1);
  const tasks = steps(load, seconds, most, p => p.running);
  const words = props.trans.__(
    'Running tasks over time: at most %1, on %2 cores',
    Math.max(...load.map(p => p.running)),
    cores
  );
  return (
    <figure className="gs-Load">
      <figcaption>
        <span className="gs-Load-tasks">{props.trans.__('running tasks')}</span>
        {cores > 0 ? <span className="gs-Load-cores">{props.trans.__('%1 cores', cores)}</span> : null}
        <span className="gs-Load-time">{took(seconds)}</span>
      </figcaption>
      <svg viewBox={`0 -2 ${WIDTH} ${HEIGHT + 4}`} preserveAspectRatio="none" role="img" aria-label={words}>
        <path className="gs-Load-area" d={`${tasks}V${HEIGHT}H0Z`} />
        <path className="gs-Load-line" d={tasks} />
        {cores > 0 ? <path className="gs-Load-limit" d={steps(load, seconds, most, p => p.cores)} /> : null}
      </svg>
    </figure>
  );
}
