import { usePayment } from '../app/WalletContext.ts';
import { Button } from './Button.tsx';
import { Dialog } from './Dialog.tsx';

/** Asks before a signed payment is called off. */
export function CancelDialog({ onClose }: { readonly onClose: () => void }) {
  const cancel = usePayment((state) => state.cancel);
  return (
    <Dialog title="Cancel this payment?" onClose={onClose}>
      <p>
        The validators are asked to leave its slot empty for good. If a quorum of them has certified it already, it
        cannot be cancelled any more: then it is finished, and this wallet says so.
      </p>
      <Button
        look="primary"
        size="large"
        wide
        onClick={() => {
          void cancel();
          onClose();
        }}
      >
        Cancel the payment
      </Button>
    </Dialog>
  );
}
