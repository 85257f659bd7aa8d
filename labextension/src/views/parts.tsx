import * as React from 'react';
import { duration, parts } from '../format';
import type { IFailure } from '../protocol';
import { useScope } from './context';

/** A sentence in which `code` stands between backquotes. */
export function Words(props: { text: string }): React.JSX.Element {
  return (
    <>
      {parts(props.text).map((part, at) =>
        part.code ? <code key={at}>{part.text}</code> : <span key={at}>{part.text}</span>
      )}
    </>
  );
}

/** A dotted name, whose lines end at dots where it is too long for one. */
export function Key(props: { name: string }): React.JSX.Element {
  return (
    <code title={props.name}>
      {props.name.split('.').map((part, at) => (
        <React.Fragment key={at}>
          {at > 0 ? '.' : ''}
          <wbr />
          {part}
        </React.Fragment>
      ))}
    </code>
  );
}

export interface IButtonProps {
  label: string;
  onClick: () => void;
  kind?: 'accept' | 'warn' | 'plain';
  title?: string;
  disabled?: boolean;
}

/** A button in JupyterLab's own style. */
export function Button(props: IButtonProps): React.JSX.Element {
  const style = { accept: 'jp-mod-accept', warn: 'jp-mod-warn', plain: 'jp-mod-reject' }[
    props.kind ?? 'plain'
  ];
  return (
    <button
      type="button"
      className={`jp-mod-styled ${style} gs-Button`}
      onClick={props.onClick}
      title={props.title}
      disabled={props.disabled}
    >
      {props.label}
    </button>
  );
}

/** A part of the panel with a heading. */
export function Section(props: {
  title: string;
  note?: string;
  children: React.ReactNode;
}): React.JSX.Element {
  return (
    <section className="gs-Section">
      <h3>
        {props.title}
        {props.note ? <span className="gs-note">{props.note}</span> : null}
      </h3>
      {props.children}
    </section>
  );
}

/** Tabs over a part of the page, whose id is `panel`; the arrows go from one to the next. */
export function Tabs<T extends string>(props: {
  label: string;
  panel: string;
  tabs: readonly (readonly [T, string])[];
  now: T;
  onChoose: (tab: T) => void;
}): React.JSX.Element {
  const { tabs, now, panel, onChoose } = props;
  const list = React.useRef<HTMLDivElement>(null);
  const go = (by: number): void => {
    const at = (tabs.findIndex(([tab]) => tab === now) + by + tabs.length) % tabs.length;
    const next = tabs[at];
    if (next) {
      onChoose(next[0]);
      list.current?.querySelectorAll('button')[at]?.focus();
    }
  };
  return (
    <div
      ref={list}
      className="gs-Tabs"
      role="tablist"
      aria-label={props.label}
      onKeyDown={event => {
        const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (by) {
          event.preventDefault();
          go(by);
        }
      }}
    >
      {tabs.map(([tab, title]) => (
        <button
          key={tab}
          id={`${panel}-${tab}`}
          type="button"
          role="tab"
          tabIndex={tab === now ? 0 : -1}
          aria-selected={tab === now}
          aria-controls={panel}
          onClick={() => onChoose(tab)}
        >
          {title}
        </button>
      ))}
    </div>
  );
}

/** Names and values, one pair a line. */
export function Facts(props: { facts: readonly (readonly [string, React.ReactNode])[] }): React.JSX.Element {
  return (
    <dl className="gs-Facts">
      {props.facts
        .filter(([, value]) => value !== '' && value !== null)
        .map(([name, value]) => (
          <React.Fragment key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </React.Fragment>
        ))}
    </dl>
  );
}

/** What failed, and what to try. */
export function FailureBox(props: { failure: IFailure; onClose?: () => void }): React.JSX.Element {
  const { trans } = useScope();
  const { name, message, advice, details, inUse } = props.failure;
  return (
    <div className="gs-Failure" role="alert">
      {props.onClose ? (
        <button type="button" className="gs-close" aria-label={trans.__('Close')} onClick={props.onClose}>
          ×
        </button>
      ) : null}
      {name ? <strong>{name}</strong> : null}
      <p>
        <Words text={message} />
      </p>
      {inUse.length > 0 ? <p>{trans.__('In use by: %1', inUse.map(c => c.name).join(', '))}</p> : null}
      {advice.length > 0 ? (
        <ul>
          {advice.map(one => (
            <li key={one}>
              <Words text={one} />
            </li>
          ))}
        </ul>
      ) : null}
      {details ? (
        <details>
          <summary>{trans.__('Details')}</summary>
          <pre tabIndex={0}>{details}</pre>
        </details>
      ) : null}
    </div>
  );
}

/** How long since a moment, counting on. */
export function Elapsed(props: { since: number }): React.JSX.Element {
  const [now, setNow] = React.useState(Date.now);
  React.useEffect(() => {
    const timer = window.setInterval(() => setNow(Date.now()), 1000);
    return () => window.clearInterval(timer);
  }, []);
  return <>{duration((now - props.since) / 1000)}</>;
}
