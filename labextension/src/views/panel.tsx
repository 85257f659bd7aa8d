import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { startOf } from '../draft';
import { sparkIcon } from '../icons';
import type { SparkModel } from '../model';
import { type IScope, ScopeProvider, useScope } from './context';
import { Catalog } from './catalog';
import { Configure } from './configure';
import { Button, FailureBox, Section, Tabs } from './parts';
import { Progress } from './progress';
import { Ready, ReadyMore } from './ready';
import { Servers } from './servers';

/** The states in a word or two. */
export function wordOf(model: Pick<SparkModel, 'status'>, trans: TranslationBundle): string {
  switch (model.status?.state) {
    case 'connecting':
      return trans.__('starting');
    case 'ready':
      return trans.__('connected');
    case 'failed':
      return trans.__('failed');
    case 'lost':
      return trans.__('lost');
    default:
      return trans.__('not connected');
  }
}

export type Tab = 'server' | 'catalog';

/** The Spark panel of the side bar. */
export class SparkPanel extends ReactWidget {
  constructor(private readonly scope: IScope) {
    super();
    this.id = 'gospark-panel';
    this.addClass('gs-Panel');
    this.title.icon = sparkIcon;
    this.title.caption = scope.trans.__('Spark');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', scope.trans.__('Spark'));
  }

  /** Brings a tab to the front. */
  choose(tab: Tab): void {
    this._tab = tab;
    this.look();
    this.update();
  }

  protected override onAfterShow(): void {
    this.look();
  }

  protected override onAfterHide(): void {
    this.look();
  }

  /** The kernel tells only what somebody looks at. */
  private look(): void {
    this.scope.model.watch(this.isVisible);
    this.scope.catalog.watch(this.isVisible && this._tab === 'catalog');
  }

  protected override render(): React.JSX.Element {
    return (
      <ScopeProvider value={this.scope}>
        <UseSignal signal={this.scope.model.changed}>
          {() => <Body tab={this._tab} onTab={tab => this.choose(tab)} />}
        </UseSignal>
      </ScopeProvider>
    );
  }

  private _tab: Tab = 'server';
}

function Body(props: { tab: Tab; onTab: (tab: Tab) => void }): React.JSX.Element {
  const { model, trans } = useScope();
  const state = model.status?.state ?? 'detached';
  return (
    <>
      <div className="gs-Header">
        <span className={`gs-Dot gs-mod-${state}`} />
        <div>
          <h2>
            Spark <span className="gs-state">{wordOf(model, trans)}</span>
          </h2>
          <p className="gs-about">{model.notebook || trans.__('no notebook of Go (Spark) is in front')}</p>
        </div>
      </div>
      {model.failure ? <FailureBox failure={model.failure} onClose={() => model.forgetFailure()} /> : null}
      <Tabs
        label={trans.__('Parts of the Spark panel')}
        panel="gospark-part"
        tabs={[
          ['server', trans.__('Server')],
          ['catalog', trans.__('Catalog')]
        ]}
        now={props.tab}
        onChoose={props.onTab}
      />
      <div
        ref={useKeptFocus()}
        id="gospark-part"
        role="tabpanel"
        tabIndex={-1}
        aria-labelledby={`gospark-part-${props.tab}`}
      >
        {props.tab === 'catalog' ? (
          <Catalog />
        ) : (
          <>
            <View />
            <Servers />
            {model.status?.state === 'ready' ? <ReadyMore status={model.status} /> : null}
          </>
        )}
      </div>
    </>
  );
}

/**
 * Keeps the focus of the keyboard in a part of the page whose buttons come and go with the
 * state: where the one that has it goes, the part itself gets it.
 */
function useKeptFocus(): React.RefObject<HTMLDivElement> {
  const part = React.useRef<HTMLDivElement>(null);
  React.useEffect(() => {
    const node = part.current;
    if (!node) {
      return;
    }
    let last: EventTarget | null = null;
    const come = (event: FocusEvent): void => {
      last = event.target;
    };
    const leave = (event: FocusEvent): void => {
      if (event.relatedTarget) {
        last = null; // it went elsewhere
      }
    };
    const observer = new MutationObserver(() => {
      if (last instanceof Node && !last.isConnected) {
        last = null;
        if (document.activeElement === document.body) {
          node.focus();
        }
      }
    });
    node.addEventListener('focusin', come);
    node.addEventListener('focusout', leave);
    observer.observe(node, { childList: true, subtree: true });
    return () => {
      observer.disconnect();
      node.removeEventListener('focusin', come);
      node.removeEventListener('focusout', leave);
    };
  }, []);
  return part;
}

/** What fits the state. */
function View(): React.JSX.Element {
  const { model, actions, trans } = useScope();
  const [configuring, setConfiguring] = React.useState(false);
  const status = model.status;
  const state = status?.state ?? 'detached';
  React.useEffect(() => setConfiguring(false), [model.notebook, state]);
  if (status && state === 'connecting') {
    return <Progress status={status} />;
  }
  if (status && state === 'ready') {
    return <Ready status={status} />;
  }
  if (configuring) {
    return <Configure onBack={() => setConfiguring(false)} />;
  }
  const stored = actions.store?.read() ?? null;
  const remote = status?.remote ?? '';
  const again = (): void => void (stored ? model.start(startOf(stored)) : model.again());
  if (status?.failure) {
    return (
      <Section title={state === 'lost' ? trans.__('The connection was lost') : trans.__('No connection')}>
        <FailureBox failure={status.failure} />
        <Buttons
          label={state === 'lost' ? trans.__('Reconnect') : trans.__('Try again')}
          onStart={again}
          onConfigure={() => setConfiguring(true)}
        />
      </Section>
    );
  }
  return (
    <Section title={trans.__('Not connected')}>
      <p className="gs-hint">
        {remote
          ? trans.__('The first query of this notebook connects to %1.', remote)
          : trans.__(
              'The first query of a notebook starts the Spark server by itself, or joins the one that runs.'
            )}
      </p>
      {stored ? (
        <p className="gs-hint">
          {trans.__(
            'This notebook carries a configuration (profile %1), which the button takes.',
            stored.profile
          )}
        </p>
      ) : null}
      <Buttons label={trans.__('Start Spark')} onStart={again} onConfigure={() => setConfiguring(true)} />
    </Section>
  );
}

function Buttons(props: { label: string; onStart: () => void; onConfigure: () => void }): React.JSX.Element {
  const { model, actions, trans } = useScope();
  return (
    <div className="gs-Buttons">
      <Button kind="accept" label={props.label} disabled={model.busy} onClick={props.onStart} />
      <Button label={trans.__('Configure…')} disabled={model.busy} onClick={props.onConfigure} />
      {model.current && !model.status?.remote ? (
        <Button label={trans.__('Log')} onClick={() => actions.openLog()} />
      ) : null}
    </div>
  );
}
