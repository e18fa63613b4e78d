import { Icon } from '../components/Icon.tsx';
import styles from './Toasts.module.css';
import { UpdateToast } from './UpdateToast.tsx';
import { useNotices } from './WalletContext.ts';

/** Short confirmations. The announcer says them too, so these are for eyes only. */
export function Toasts() {
  const toasts = useNotices((state) => state.toasts);
  const dismiss = useNotices((state) => state.dismiss);
  return (
    <>
      <div className={styles.lasting}>
        <UpdateToast />
      </div>
      <div className={styles.stack}>
        {toasts.map(({ id, text, tone }) => (
          <button
            key={id}
            type="button"
            className={styles.toast}
            data-tone={tone}
            onClick={() => dismiss(id)}
            tabIndex={-1}
          >
            {tone !== 'plain' && <Icon name={tone === 'problem' ? 'alert' : 'check'} size={18} />}
            <span>{text}</span>
          </button>
        ))}
      </div>
    </>
  );
}
