import * as React from 'react';
import type { IProfileServer } from '../protocol';
import { serverFacts, serverWord } from '../servers';
import { useScope } from './context';
import { useEnding } from './ending';
import { Button, Section } from './parts';

/** The colours of the states, which are those of a notebook's connection. */
const dots = {
  ready: 'ready',
  starting: 'connecting',
  failed: 'failed',
  stopped: '',
  elsewhere: ''
} as const;

/** The servers of all of the user's profiles, and what can be done with each; told while it is unfolded. */
export function Servers(): React.JSX.Element {
  const { model, trans } = useScope();
  const servers = model.report?.servers;
  const running = servers?.filter(s => s.state === 'ready').length ?? 0;
  return (
    <Section title={trans.__('Servers')} note={running > 0 ? trans.__('%1 running', running) : ''}>
      <details
        className="gs-Servers"
        open={model.keeping}
        onToggle={event => model.keep(event.currentTarget.open)}
      >
        <summary>{trans.__('Of all your profiles')}</summary>
        {!model.keeping ? null : servers ? (
          <ul>
            {servers.map(one => (
              <Server key={one.profile} server={one} />
            ))}
          </ul>
        ) : (
          <p className="gs-empty">{trans.__('Looking…')}</p>
        )}
      </details>
    </Section>
  );
}

function Server({ server }: { server: IProfileServer }): React.JSX.Element {
  const { trans } = useScope();
  const [isStarting, setStarting] = React.useState(false);
  const isUp = server.state === 'ready' || server.state === 'starting';
  const state = isStarting && !isUp ? 'starting' : server.state;
  return (
    <li>
      <div role="group" aria-label={server.profile}>
        <div className="gs-Server-name">
          <span className={`gs-Dot gs-mod-${dots[state] || 'none'}`} />
          <strong>{server.profile}</strong>
          {server.mine ? <span className="gs-tag">{trans.__('in use here')}</span> : null}
          {server.mine || state === 'starting' ? null : <Use profile={server.profile} />}
        </div>
        <p className="gs-about">
          {[serverWord(state, trans), ...serverFacts(server, Date.now(), trans)].map((fact, at) => (
            <React.Fragment key={fact}>
              {at > 0 ? ' · ' : ''}
              <span>{fact}</span>
            </React.Fragment>
          ))}
        </p>
        {server.why && state === 'failed' ? <p className="gs-remark gs-mod-error">{server.why}</p> : null}
        {state === 'elsewhere' ? null : <Actions server={{ ...server, state }} onStart={setStarting} />}
      </div>
    </li>
  );
}

/** Connects the notebook, or the hidden kernel where none is open, to a server, which starts where it does not run. */
function Use({ profile }: { profile: string }): React.JSX.Element {
  const { model, trans } = useScope();
  return (
    <Button
      label={model.notebook ? trans.__('Use here') : trans.__('Connect')}
      title={trans.__('Connect to it, and leave the server that is in use here')}
      disabled={model.busy}
      onClick={() => void model.start({ profile, bundles: null, master: '', conf: {} })}
    />
  );
}

function Actions(props: { server: IProfileServer; onStart: (on: boolean) => void }): React.JSX.Element {
  const { model, actions, trans } = useScope();
  const end = useEnding();
  const { profile, state, mine, clients } = props.server;
  const isUp = state === 'ready' || state === 'starting';
  const named = mine ? '' : profile;
  const start = async (): Promise<void> => {
    props.onStart(true);
    await model.startServer(profile);
    props.onStart(false);
  };
  return (
    <div className="gs-Buttons">
      {isUp ? null : <Button label={trans.__('Start')} onClick={() => void start()} />}
      {state === 'ready' ? (
        <Button label={trans.__('Restart…')} onClick={() => void end('restart', clients, named)} />
      ) : null}
      {isUp ? <Button label={trans.__('Stop…')} onClick={() => void end('stop', clients, named)} /> : null}
      <Button label={trans.__('Log')} onClick={() => actions.openLog(profile)} />
    </div>
  );
}
