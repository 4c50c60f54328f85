import type { NewDeviceView } from '#client/linking/linking-model.ts';
import { ArrivalPage } from '../arriving/arrival-page.tsx';
import { useStrings } from '../language/i18n.ts';
import { useClient } from '../session/client-context.tsx';
import { useCommand } from '../session/command.ts';
import { ProblemNote } from '../session/problem-notice.tsx';
import { Button } from '../ui/button.tsx';
import { useCopy } from '../ui/copy.ts';
import { Check, Copy, X } from '../ui/icons.ts';
import { Qr } from '../ui/qr.tsx';
import { Wait } from '../ui/surface.tsx';
import text from '../ui/text.module.css';
import styles from './devices.module.css';
import { LinkPictures } from './link-pictures.tsx';

/** The device that is to become a further one: its public code, the comparison, its keys. */
export function LinkThisDeviceScreen({ linking }: { linking: NewDeviceView }) {
  const { t } = useStrings();
  const client = useClient();
  const { run, isBusy, problem } = useCommand({ here: true });
  const { compare, step } = linking;
  const title = {
    code: t('devices.newTitle'),
    compare: t('devices.compareTitle'),
    waiting: t('devices.compareTitle'),
    arriving: t('devices.newTitle'),
    ended: t('devices.endedTitle'),
  }[step];
  const answer = (matches: boolean) => void run(() => client.compareDevices(matches));
  const leave = () => void run(() => client.leaveLinking());
  return (
    <ArrivalPage title={title} heading={title}>
      {step === 'code' ? <Code code={linking.code} /> : null}
      {step === 'compare' ? <p>{t('devices.compareText')}</p> : null}
      {compare ? <LinkPictures compare={compare} /> : null}
      {step === 'compare' ? (
        <div className={styles.stack}>
          <Button look="primary" icon={Check} isDisabled={isBusy} onPress={() => answer(true)}>
            {t('act.matches')}
          </Button>
          <Button look="primary" icon={X} isDisabled={isBusy} onPress={() => answer(false)}>
            {t('act.differs')}
          </Button>
        </div>
      ) : null}
      {step === 'waiting' ? <Wait>{t('devices.waiting')}</Wait> : null}
      {step === 'arriving' ? <Wait>{t('devices.arriving')}</Wait> : null}
      <ProblemNote problem={problem ?? linking.problem} />
      {step === 'arriving' ? null : (
        <Button look={step === 'ended' ? 'primary' : 'quiet'} isBusy={isBusy} onPress={leave}>
          {step === 'ended' ? t('act.back') : t('act.cancel')}
        </Button>
      )}
    </ArrivalPage>
  );
}

function Code({ code }: { code: string }) {
  const { t } = useStrings();
  const { isCopied, copy } = useCopy(code);
  return (
    <>
      <p>{t('devices.newText')}</p>
      <Qr text={code} name={t('devices.qr')} />
      <p className={text.address}>{code}</p>
      <Button icon={Copy} onPress={copy}>
        {isCopied ? t('act.copied') : t('act.copyLink')}
      </Button>
      <p className={text.muted}>{t('devices.public')}</p>
      <p className={text.muted}>{t('devices.keepOpen')}</p>
    </>
  );
}
