import { type KeyboardEvent, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { ConversationView, MessageView } from '#client/model.ts';
import { useStrings } from '../language/i18n.ts';
import { Phrase } from '../language/phrase.tsx';
import { dayName } from '../language/time.ts';
import { useMission, useView } from '../session/client-context.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { ArrowDown, History, WifiOff } from '../ui/icons.ts';
import { Bubble } from './bubble.tsx';
import styles from './chat.module.css';
import { drawnIn, type LogLine, logLines, newerBy, windowAt, windowLines } from './log-lines.ts';
import { canErase, isWhole, type MessageActions } from './message-menu.tsx';
import { useLogScroll } from './use-log-scroll.ts';

/** The log: one tab stop, arrows inside, the newest at the end; or at a message to look at. */
export function MessageLog({
  conversation,
  messages,
  newFrom,
  at,
  actions,
}: {
  conversation: ConversationView;
  messages: readonly MessageView[];
  newFrom: string | undefined;
  /** The message that was asked for. */
  at: string | undefined;
  actions: MessageActions;
}) {
  const { t } = useStrings();
  const [range, setRange] = useState(() => windowAt(messages, at));
  const [active, setActive] = useState<string>();
  const drawn = useMemo(() => drawnIn(messages, range), [messages, range]);
  const isThere = at !== undefined && drawn.some(({ sid }) => sid === at);
  const { scroller, isAway, jump, onScroll } = useLogScroll(messages.at(-1)?.sid, isThere);
  const log = useRef<HTMLDivElement>(null);
  const lines = useMemo(() => logLines(drawn, newFrom), [drawn, newFrom]);
  const stop = drawn.some(({ sid }) => sid === active) ? active : drawn.at(-1)?.sid;
  useLayoutEffect(() => {
    const stops = log.current?.querySelectorAll<HTMLElement>('[data-message]') ?? [];
    const asked = [...stops].find(({ dataset }) => dataset['message'] === at);
    asked?.scrollIntoView({ block: 'center' });
    asked?.focus({ preventScroll: true });
  }, [at]);
  const onKeyDown = (event: KeyboardEvent<HTMLElement>, message: MessageView) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey)
      return;
    if (move(event, log.current) || act(event, message, actions)) event.preventDefault();
  };
  return (
    <>
      <div ref={scroller} className={styles.scroll} onScroll={onScroll}>
        {/* Our announcer speaks for new lines; a second live region would say them twice. */}
        <div
          ref={log}
          role="log"
          aria-label={t('chat.log')}
          aria-live="off"
          aria-relevant="additions"
          className={styles.log}
        >
          {(range.until ?? messages.length) > range.count ? (
            <div className={styles.older}>
              <Button
                look="quiet"
                onPress={() => setRange({ ...range, count: range.count + windowLines })}
              >
                {t('chat.older')}
              </Button>
            </div>
          ) : (
            <HistoryMark history={conversation.history} />
          )}
          {messages.length === 0 && !conversation.loading ? (
            <p className={styles.empty}>{t('chat.empty')}</p>
          ) : null}
          {lines.map((line) => (
            <Line
              key={line.key}
              cid={conversation.cid}
              line={line}
              isStop={line.key === stop}
              isAsked={line.key === at}
              onFocus={setActive}
              onKeyDown={onKeyDown}
              actions={actions}
            />
          ))}
          {range.until === undefined ? null : (
            <div className={styles.older}>
              <Button
                look="quiet"
                onPress={() => setRange(newerBy(range, windowLines, messages.length))}
              >
                {t('chat.newer')}
              </Button>
            </div>
          )}
        </div>
      </div>
      <div className={styles.jumpPlace}>
        {isAway || range.until !== undefined ? (
          <IconButton
            name={t('chat.jump')}
            icon={ArrowDown}
            onPress={() => {
              setRange({ count: windowLines });
              jump();
            }}
            className={styles.jump}
          />
        ) : null}
      </div>
    </>
  );
}

function move(event: KeyboardEvent, log: HTMLElement | null): boolean {
  const stops = [...(log?.querySelectorAll<HTMLElement>('[data-message]') ?? [])];
  const at = stops.indexOf(event.currentTarget as HTMLElement);
  const next = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: stops.length - 1 }[event.key];
  if (next === undefined) return false;
  stops[next]?.focus();
  return true;
}

function act(event: KeyboardEvent, message: MessageView, actions: MessageActions): boolean {
  if (!isWhole(message)) return false;
  if (event.key === 'r') actions.reply(message);
  else if (event.key === 'Delete' && canErase(message, Date.now())) actions.erase(message);
  else if (['Enter', 'ContextMenu', 'e'].includes(event.key)) {
    event.currentTarget.querySelector<HTMLElement>('[aria-haspopup]')?.click();
  } else return false;
  return true;
}

function HistoryMark({ history }: { history: ConversationView['history'] }) {
  const { t } = useStrings();
  const words = {
    all: t('chat.historyAll'),
    join: t('chat.historyJoin'),
    none: t('chat.historyNone'),
  }[history];
  return (
    <p className={styles.event}>
      <History size={15} aria-hidden />
      {words}
    </p>
  );
}

function Line({
  cid,
  line,
  isStop,
  isAsked,
  onFocus,
  onKeyDown,
  actions,
}: {
  cid: string;
  line: LogLine;
  isStop: boolean;
  isAsked: boolean;
  onFocus: (sid: string) => void;
  onKeyDown: (event: KeyboardEvent<HTMLElement>, message: MessageView) => void;
  actions: MessageActions;
}) {
  const { t, tag } = useStrings();
  const { parties } = useMission().charter;
  const { link } = useView();
  if (line.kind === 'day') {
    const words = { today: t('chat.today'), yesterday: t('chat.yesterday') };
    return <p className={styles.day}>{dayName(line.atMs, Date.now(), tag, words)}</p>;
  }
  if (line.kind === 'new') {
    return (
      <p className={styles.new}>
        <span>{t('chat.newMark')}</span>
      </p>
    );
  }
  if (line.kind === 'late') {
    return (
      <p className={styles.late}>
        <History size={17} aria-hidden />
        <span>
          {line.name === undefined ? (
            t('chat.lateSome')
          ) : (
            <Phrase of="chat.late" values={{ name: line.name }} />
          )}
        </span>
      </p>
    );
  }
  const { message, isRunStart, isRunEnd } = line;
  if (message.kind === 'event') {
    return (
      <p className={styles.event}>
        <bdi>{message.text}</bdi>
      </p>
    );
  }
  const isKept = message.delivery === 'kept' && link.state !== 'linked';
  return (
    // A message is a stop of the roving focus: arrows walk, its menu opens with Enter.
    <article
      data-message={message.sid}
      tabIndex={isStop ? 0 : -1}
      className={[
        styles.message,
        message.isMine ? styles.mine : '',
        isRunStart ? styles.start : '',
        isRunEnd ? styles.end : '',
        isAsked ? styles.asked : '',
      ].join(' ')}
      onFocus={() => onFocus(message.sid)}
      onKeyDown={(event) => onKeyDown(event, message)}
    >
      <Bubble
        cid={cid}
        message={message}
        parties={parties}
        isRunStart={isRunStart}
        isRunEnd={isRunEnd}
        actions={actions}
      />
      {isKept && isRunEnd ? (
        <p className={styles.kept}>
          <WifiOff size={15} aria-hidden />
          {t('chat.kept')}
        </p>
      ) : null}
    </article>
  );
}
