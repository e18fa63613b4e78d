import { Component, type ReactNode } from 'react';
import { Button } from '../components/Button.tsx';
import { problemOf } from '../state/problem.ts';
import styles from './Boundary.module.css';

/** The last resort: a fault in a screen never leaves a blank page, and says what it means for the money. */
export class Boundary extends Component<{ readonly children: ReactNode }, { readonly error: unknown }> {
  override state: { readonly error: unknown } = { error: undefined };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    const { message, money } = problemOf(error);
    return (
      <main className={styles.fault}>
        <h1>This screen stopped working</h1>
        <p>{message}</p>
        <p className="quiet">{money}</p>
        <Button look="primary" onClick={() => location.reload()}>
          Reload the wallet
        </Button>
      </main>
    );
  }
}
