import { lazy, Suspense, useState } from 'react';
import type { VoteView } from '#client/closing-model.ts';
import { useStrings } from '../language/i18n.ts';
import { useMission } from '../session/client-context.tsx';
import { useGo } from '../session/route.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { Archive, Vote } from '../ui/icons.ts';
import { isSameQuestion } from './question.tsx';

const ProposeSheet = lazy(async () => {
  const { ProposeSheet } = await import('../closing/screens.ts');
  return { default: ProposeSheet };
});

/**
 * Lets a lead ask the parties; leads to the vote if one about the same is open. With
 * `person`, a round button named after them. Nothing once the mission closes.
 */
export function ProposeButton({ about, person }: { about: VoteView['about']; person?: string }) {
  const { t } = useStrings();
  const { closing, me, votes } = useMission();
  const go = useGo();
  const [isAsking, setAsking] = useState(false);
  const open = votes.find((vote) => vote.state === 'open' && isSameQuestion(vote.about, about));
  if (closing || (!open && !me.isLead)) return null;
  const onPress = () => (open ? go(`/votes/${open.id}`) : setAsking(true));
  const icon = about.kind === 'close' ? Archive : Vote;
  const words = open
    ? t('vote.openIt')
    : about.kind === 'close'
      ? t('vote.proposeClose')
      : t('vote.proposeOne');
  return (
    <>
      {person === undefined ? (
        <Button icon={icon} isWide onPress={onPress}>
          {words}
        </Button>
      ) : (
        <IconButton
          name={t(open ? 'vote.openAbout' : 'vote.proposeAbout', { name: person })}
          icon={icon}
          onPress={onPress}
        />
      )}
      <Suspense fallback={null}>
        {isAsking ? <ProposeSheet about={about} onClose={() => setAsking(false)} /> : null}
      </Suspense>
    </>
  );
}
