import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useRef,
  useState,
} from 'react';
import { useStrings } from '../language/i18n.ts';
import text from '../ui/text.module.css';

/** Lines within this time are counted, not read one by one. */
const burstMs = 2000;
/** More new messages than this in a burst are said as a number. */
const burstLines = 3;

const AnnounceContext = createContext<(line: string) => void>(() => {});

/** Says a line politely to a screen reader. */
export function useAnnounce(): (line: string) => void {
  return useContext(AnnounceContext);
}

/** One polite live region for the whole page; four or more lines at once become a number. */
export function Announcer({ children }: { children: ReactNode }) {
  const { t } = useStrings();
  const [said, setSaid] = useState<readonly string[]>([]);
  const waiting = useRef<string[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  const announce = useCallback(
    (line: string) => {
      waiting.current.push(line);
      if (waiting.current.length <= burstLines) setSaid([...waiting.current]);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => {
        const { length } = waiting.current;
        if (length > burstLines) setSaid([t('chat.burst', { count: length })]);
        waiting.current = [];
      }, burstMs);
    },
    [t],
  );
  return (
    <AnnounceContext value={announce}>
      {children}
      <div className={text.unseen} aria-live="polite" data-announcer>
        {said.map((line, at) => (
          <p key={`${at}${line}`}>{line}</p>
        ))}
      </div>
    </AnnounceContext>
  );
}
