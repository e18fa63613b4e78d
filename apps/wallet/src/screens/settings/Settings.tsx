import { useEffect, useState } from 'react';
import { navigate } from '../../app/useRoute.ts';
import { useInstall, usePreferences, useSession, useWallet } from '../../app/WalletContext.ts';
import { Button } from '../../components/Button.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { Fact, Facts } from '../../components/Facts.tsx';
import { ScreenHeader } from '../../components/ScreenHeader.tsx';
import { Segmented } from '../../components/Segmented.tsx';
import type { StorageHealth } from '../../platform/ports.ts';
import { autoLockChoices, type Theme } from '../../state/preferences.ts';
import type { Session } from '../../state/session.ts';
import { NetworkFacts } from './NetworkFacts.tsx';
import { RemoveWalletForm } from './RemoveWalletForm.tsx';
import { RevealPhrase } from './RevealPhrase.tsx';
import styles from './Settings.module.css';

const themeOptions = [
  { value: 'system', text: 'System', icon: 'system' },
  { value: 'light', text: 'Light', icon: 'sun' },
  { value: 'dark', text: 'Dark', icon: 'moon' },
] as const satisfies readonly { readonly value: Theme; readonly text: string; readonly icon: string }[];

const removalText: Record<Session['keyKind'], string> = {
  phrase: 'The key is deleted from this device. Your twelve words bring it back, here or elsewhere.',
  passkey:
    'This device forgets which passkey the wallet has. The passkey itself stays where it is; withdraw or exit first.',
  device:
    'The key is deleted, and there is no copy of it: what the account still has is lost. Withdraw everything first.',
  demo: '',
};

export function Settings() {
  const { platform, session, isBusy } = useWallet();
  const { choice, keyKind, network } = useSession();
  const preferences = usePreferences((state) => state);
  const install = useInstall((state) => state);
  const [open, setOpen] = useState<'phrase' | 'remove' | 'reset'>();
  const close = () => setOpen(undefined);
  const own = choice.kind === 'wallet';
  const leave = async () => {
    navigate('home');
    await session.getState().leave();
  };
  const reset = async () => {
    close();
    navigate('home');
    await session.getState().eraseHistory();
  };

  return (
    <>
      <ScreenHeader title="Settings" back="home" />
      <div className={styles.settings}>
        <section aria-labelledby="appearance">
          <h2 id="appearance" className={styles.title}>
            Appearance
          </h2>
          <Facts>
            <Fact name="Theme">
              <Segmented
                label="Theme"
                value={preferences.theme}
                options={themeOptions}
                onChange={(theme) => preferences.change({ theme })}
              />
            </Fact>
            <Fact name="Amounts">
              <Segmented
                label="Amounts"
                value={preferences.hideBalance ? 'hidden' : 'shown'}
                options={[
                  { value: 'shown', text: 'Shown' },
                  { value: 'hidden', text: 'Hidden' },
                ]}
                onChange={(value) => preferences.change({ hideBalance: value === 'hidden' })}
              />
            </Fact>
          </Facts>
        </section>

        {keyKind === 'phrase' && (
          <section aria-labelledby="security">
            <h2 id="security" className={styles.title}>
              Security
            </h2>
            <Facts>
              <Fact name="Lock after minutes">
                <Segmented
                  label="Lock after minutes"
                  value={preferences.autoLockMinutes}
                  options={autoLockChoices.map((value) => ({ value, text: value === 0 ? 'Never' : `${value}` }))}
                  onChange={(autoLockMinutes) => preferences.change({ autoLockMinutes })}
                />
              </Fact>
              <Fact name="Recovery phrase">
                <Button size="small" icon="key" onClick={() => setOpen('phrase')}>
                  Show
                </Button>
              </Fact>
              <Fact name="This window">
                <Button size="small" icon="lock" disabled={isBusy()} onClick={() => session.getState().lock()}>
                  Lock now
                </Button>
              </Fact>
            </Facts>
          </section>
        )}

        {(keyKind === 'passkey' || keyKind === 'device') && (
          <section aria-labelledby="security">
            <h2 id="security" className={styles.title}>
              Security
            </h2>
            <Facts>
              <Fact name="Key">
                {keyKind === 'passkey' ? 'A passkey signs each payment' : 'In this browser only, with no copy'}
              </Fact>
            </Facts>
          </section>
        )}

        <section aria-labelledby="device">
          <h2 id="device" className={styles.title}>
            This device
          </h2>
          <Facts>
            {install.available && (
              <Fact name="Open it like an app">
                <Button size="small" icon="install" onClick={() => void install.install()}>
                  Install
                </Button>
              </Fact>
            )}
            <StorageFacts />
            <Fact name="Build">
              <span className="mono">{platform.buildId}</span>
            </Fact>
          </Facts>
        </section>

        <section aria-labelledby="network-facts">
          <h2 id="network-facts" className={styles.title}>
            Network
          </h2>
          <NetworkFacts network={network} />
        </section>

        <section aria-labelledby="danger">
          <h2 id="danger" className={styles.title}>
            {own ? 'Remove' : 'Demo'}
          </h2>
          <div className={styles.buttons}>
            {own ? (
              <Button look="danger" icon="trash" onClick={() => setOpen('remove')}>
                Remove this wallet…
              </Button>
            ) : (
              <>
                <Button icon="users" onClick={() => void leave()}>
                  Leave the demo
                </Button>
                <Button look="danger" icon="refresh" disabled={isBusy()} onClick={() => setOpen('reset')}>
                  Reset demo data…
                </Button>
              </>
            )}
          </div>
        </section>
      </div>
      {open === 'phrase' && <RevealPhrase onClose={close} />}
      {open === 'remove' && (
        <Dialog title="Remove this wallet" onClose={close}>
          <p className="quiet">{removalText[keyKind]}</p>
          <RemoveWalletForm keyKind={keyKind} />
        </Dialog>
      )}
      {open === 'reset' && (
        <Dialog title="Reset demo data" onClose={close}>
          <p className="quiet">
            Deletes what this device stores of this demo account. The validators keep the balance, and the history comes
            back from them.
          </p>
          <Button look="danger" wide onClick={() => void reset()}>
            Reset
          </Button>
        </Dialog>
      )}
    </>
  );
}

function StorageFacts() {
  const { platform } = useWallet();
  const [health, setHealth] = useState<StorageHealth>();
  useEffect(() => {
    void platform.storageHealth().then(setHealth);
  }, [platform]);
  const protect = async () => {
    await platform.persistStorage();
    setHealth(await platform.storageHealth());
  };
  return (
    <>
      <Fact name="Stored data">
        {health === undefined ? (
          '…'
        ) : health.persisted ? (
          'Kept by the browser'
        ) : (
          <>
            <span className={styles.warn}>May be dropped when space is short</span>
            <Button size="small" onClick={() => void protect()}>
              Keep it
            </Button>
          </>
        )}
      </Fact>
      {health?.usageBytes !== undefined && <Fact name="Space used">{sizeText(health.usageBytes)}</Fact>}
    </>
  );
}

function sizeText(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1_000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
