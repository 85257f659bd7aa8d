import { Clipboard } from '@jupyterlab/apputils';
import * as React from 'react';
import { bytes, duration } from '../format';
import type { IOperation, IProfileServer, IStatus } from '../protocol';
import { snippets } from '../snippets';
import { useScope } from './context';
import { useEnding } from './ending';
import { Button, Elapsed, Facts, Section } from './parts';
import { SessionConf } from './sessionconf';
import { StoredElsewhere } from './stored';

/** The notebook is connected: to what, with whom, and what goes on. */
export function Ready(props: { status: IStatus }): React.JSX.Element {
  const { model } = useScope();
  const report = model.report;
  const mine = report?.servers.find(s => s.mine && s.state === 'ready');
  return (
    <>
      <ServerSection status={props.status} running={mine} />
      <Operations operations={report?.operations ?? []} />
      {mine ? <Sessions running={mine} /> : null}
    </>
  );
}

/** What there is besides: the settings of the session, and how to begin. */
export function ReadyMore(props: { status: IStatus }): React.JSX.Element {
  return (
    <>
      <SessionConf status={props.status} />
      <Snippets />
    </>
  );
}

function ServerSection(props: { status: IStatus; running: IProfileServer | undefined }): React.JSX.Element {
  const { model, actions, trans } = useScope();
  const { status, running } = props;
  const server = status.server;
  const end = useEnding();
  const idle = running ? running.idle : 0;
  return (
    <Section title={trans.__('Server')}>
      <Facts
        facts={[
          [trans.__('Address'), <code key="address">{server?.address}</code>],
          [trans.__('Master'), server?.master ?? ''],
          [trans.__('Profile'), server?.profile ?? ''],
          ['Spark', server?.version ?? ''],
          ['Java', running?.java ?? ''],
          [trans.__('Memory'), running?.memory ? bytes(running.memory) : ''],
          [trans.__('Running for'), running ? <Elapsed key="for" since={Date.parse(running.started)} /> : ''],
          [
            trans.__('Stops'),
            !running
              ? ''
              : idle < 0
                ? trans.__('when it is told to')
                : trans.__('%1 after the last notebook', duration(idle))
          ]
        ]}
      />
      {server && server.differs.length > 0 ? (
        <p className="gs-remark gs-mod-warning">
          {trans.__(
            'Another notebook started it with other settings: %1. A restart takes this notebook’s.',
            server.differs.join(', ')
          )}
        </p>
      ) : null}
      {server ? <StoredElsewhere profile={server.profile} master={server.master} /> : null}
      <div className="gs-Buttons">
        <Button
          label={trans.__('Disconnect')}
          disabled={model.busy}
          onClick={() => void model.disconnect()}
        />
        {server?.remote ? null : (
          <>
            <Button
              label={trans.__('Restart…')}
              disabled={model.busy}
              onClick={() => void end('restart', running?.clients ?? [])}
            />
            <Button
              label={trans.__('Stop…')}
              disabled={model.busy}
              onClick={() => void end('stop', running?.clients ?? [])}
            />
            <Button label={trans.__('Log')} onClick={() => actions.openLog()} />
            <Button label={trans.__('Web UI')} onClick={actions.openUI} />
          </>
        )}
      </div>
    </Section>
  );
}

function Operations(props: { operations: readonly IOperation[] }): React.JSX.Element {
  const { model, actions, trans } = useScope();
  const cancel = async (one: IOperation): Promise<void> => {
    const whose = one.notebook || trans.__('another notebook');
    const sure =
      one.mine ||
      (await actions.confirm(
        trans.__('Cancel an operation of %1?', whose),
        [trans.__('It is not this notebook’s.'), one.about],
        trans.__('Cancel it')
      ));
    if (sure) {
      await model.cancel(one);
    }
  };
  return (
    <Section title={trans.__('Operations')} note={String(props.operations.length || '')}>
      {props.operations.length === 0 ? <p className="gs-empty">{trans.__('Nothing runs.')}</p> : null}
      <ul className="gs-List">
        {props.operations.map(one => (
          <li key={one.id} className="gs-Operation">
            <span className="gs-name" title={one.about || one.id}>
              {one.about || trans.__('operation %1', one.id.slice(0, 8))}
            </span>
            <Button label={trans.__('Cancel')} onClick={() => void cancel(one)} />
            <span className="gs-about">
              {[
                one.mine ? trans.__('this notebook') : one.notebook,
                one.tasks ? trans.__('%1 of %2 tasks', one.done, one.tasks) : ''
              ]
                .filter(Boolean)
                .join(' · ')}
              {one.started ? (
                <>
                  {' · '}
                  <Elapsed since={Date.parse(one.started)} />
                </>
              ) : null}
            </span>
            {one.tasks ? (
              <div
                className="gs-Bar"
                role="progressbar"
                aria-valuemin={0}
                aria-valuemax={one.tasks}
                aria-valuenow={one.done}
                aria-label={one.about || one.id}
              >
                <div style={{ width: `${(100 * one.done) / one.tasks}%` }} />
              </div>
            ) : null}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Sessions(props: { running: IProfileServer }): React.JSX.Element {
  const { trans } = useScope();
  return (
    <Section title={trans.__('Sessions')} note={String(props.running.clients.length)}>
      <ul className="gs-List gs-Sessions">
        {props.running.clients.map(c => (
          <li key={c.pid}>
            <span className="gs-name">{c.name}</span>
            {c.mine ? <span className="gs-tag">{trans.__('this one')}</span> : null}
            <code className="gs-about" title={c.session}>
              {c.session.slice(0, 8)}
            </code>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Snippets(): React.JSX.Element {
  const { actions, trans } = useScope();
  return (
    <Section title={trans.__('To begin with')}>
      {snippets.map(one => (
        <details key={one.title} className="gs-Snippet">
          <summary>{trans.__(one.title)}</summary>
          <pre tabIndex={0}>{one.code}</pre>
          <div className="gs-Buttons">
            <Button label={trans.__('Copy')} onClick={() => Clipboard.copyToSystem(one.code)} />
            {actions.insert ? (
              <Button label={trans.__('Add to the notebook')} onClick={() => actions.insert?.(one.code)} />
            ) : null}
          </div>
        </details>
      ))}
    </Section>
  );
}
