import { isInFlight } from '../state/payment.ts';
import styles from './Toasts.module.css';
import { usePayment, useTempo, useUpdate } from './WalletContext.ts';

/** Offers a new build; keeps silent while a payment or a transaction on Tempo is being signed or sent. */
export function UpdateToast() {
  const apply = useUpdate((state) => state.apply);
  const postpone = useUpdate((state) => state.postpone);
  const paying = usePayment((state) => isInFlight(state.live));
  const onTempo = useTempo((state) => state.busy !== undefined);
  if (!apply || paying || onTempo) return null;
  return (
    <div className={styles.toast} role="status">
      <span>Update ready</span>
      <button type="button" className={styles.action} onClick={apply}>
        Reload
      </button>
      <button type="button" className={styles.action} onClick={postpone}>
        Later
      </button>
    </div>
  );
}
