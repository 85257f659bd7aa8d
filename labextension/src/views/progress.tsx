import * as React from 'react';
import type { IStatus } from '../protocol';
import { useScope } from './context';
import { Button, Elapsed, Section } from './parts';

/** The server is on its way: the steps, the time, and the way out. */
export function Progress(props: { status: IStatus }): React.JSX.Element {
  const { model, actions, trans } = useScope();
  const { phases, seconds, remote } = props.status;
  const began = model.statusTime - seconds * 1000;
  return (
    <Section
      title={remote ? trans.__('Connecting') : trans.__('Starting')}
      note={remote || props.status.profile}
    >
      <ol className="gs-Phases" aria-live="polite">
        {phases.map((phase, at) => (
          <li key={at} className={at === phases.length - 1 ? 'gs-mod-now' : 'gs-mod-done'}>
            <span>{phase.text}</span>
            <span className="gs-time">
              {at === phases.length - 1 ? <Elapsed since={began} /> : `${phase.seconds.toFixed(1)} s`}
            </span>
          </li>
        ))}
      </ol>
      <div className="gs-Bar gs-mod-endless" role="progressbar" aria-label={trans.__('Starting')}>
        <div />
      </div>
      <div className="gs-Buttons">
        <Button label={trans.__('Cancel')} onClick={() => void model.cancelStart()} />
        {remote ? null : <Button label={trans.__('Log')} onClick={() => actions.openLog()} />}
      </div>
    </Section>
  );
}
