import { lazy, type ReactNode, Suspense } from 'react';
import type { NewDeviceView } from '#client/linking/linking-model.ts';
import { ArrivalPage } from '../arriving/arrival-page.tsx';
import { useStrings } from '../language/i18n.ts';
import { Shell } from '../shell/shell.tsx';
import { Pane } from '../ui/pane.tsx';
import { Wait } from '../ui/surface.tsx';

// Fetched when one of them is first opened; the first page stays as small as without.
const screens = () => import('./screens.ts');
const MyDevicesScreen = lazy(async () => ({ default: (await screens()).MyDevicesScreen }));
const LinkDeviceScreen = lazy(async () => ({ default: (await screens()).LinkDeviceScreen }));
const LinkThisScreen = lazy(async () => ({ default: (await screens()).LinkThisDeviceScreen }));

/** A person's own devices. */
export function MyDevices() {
  return (
    <Shell>
      <Opening>
        <MyDevicesScreen />
      </Opening>
    </Shell>
  );
}

/** A further device, seen from the one that is in the mission. */
export function LinkDevice() {
  return (
    <Shell hasRail={false}>
      <Opening>
        <LinkDeviceScreen />
      </Opening>
    </Shell>
  );
}

/** The further device itself. */
export function LinkThisDevice({ linking }: { linking: NewDeviceView }) {
  const { t } = useStrings();
  const wait = (
    <ArrivalPage title={t('devices.newTitle')} heading={t('devices.newTitle')}>
      <Wait>{t('devices.fetching')}</Wait>
    </ArrivalPage>
  );
  return (
    <Suspense fallback={wait}>
      <LinkThisScreen linking={linking} />
    </Suspense>
  );
}

function Opening({ children }: { children: ReactNode }) {
  const { t } = useStrings();
  const wait = (
    <Pane title={t('devices.title')} heading={t('devices.title')}>
      <div data-waiting>
        <Wait>{t('devices.fetching')}</Wait>
      </div>
    </Pane>
  );
  return <Suspense fallback={wait}>{children}</Suspense>;
}
