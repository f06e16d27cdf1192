// Passkeys: a button asks the server for a question, the device for its answer, and sends the form
// with it. Without script, or where the browser knows no passkeys, codes stand for them.
import { all, one } from './dom';

export function passkeys(root: ParentNode): void {
  if (!window.PublicKeyCredential) return;
  for (const button of all<HTMLButtonElement>(root, '[data-passkey]')) {
    button.hidden = false;
    button.addEventListener('click', () => void press(button, form => prove(form, button)));
  }
  for (const button of all<HTMLButtonElement>(root, '[data-passkey-new]')) {
    button.addEventListener('click', () => void press(button, form => add(form, button)));
  }
}

/** What the server says against it, in words for the person. */
class Refused extends Error {}

async function press(button: HTMLButtonElement, answer: (form: HTMLFormElement) => Promise<void>) {
  const form = button.form!;
  const said = one(form, '[data-passkey-said]');
  if (said) said.hidden = true;
  // the field that the device fills is not asked of the person
  const filled = button.dataset.passkeyInto ? field(form, button.dataset.passkeyInto) : null;
  const required = filled?.required ?? false;
  if (filled) filled.required = false;
  try {
    if (!form.reportValidity()) return;
    button.disabled = true;
    await answer(form);
    form.requestSubmit();
  } catch (error) {
    if (!said) throw error;
    said.textContent = error instanceof Refused ? error.message : button.dataset.passkeyFailed ?? '';
    said.hidden = false;
  } finally {
    button.disabled = false;
    if (filled && !filled.value) filled.required = required;
  }
}

async function prove(form: HTMLFormElement, button: HTMLButtonElement): Promise<void> {
  const whole = 'passkeyWhole' in button.dataset;
  field(form, button.dataset.passkeyInto!).value = await got(form, button.dataset.passkey!, whole);
}

async function add(form: HTMLFormElement, button: HTMLButtonElement): Promise<void> {
  const proof = field(form, 'proof');
  if (!proof.value && button.dataset.passkeyFirst) proof.value = await got(form, button.dataset.passkeyFirst);
  field(form, 'answer').value = await made(form, button.dataset.passkeyNew!);
}

function field(form: HTMLFormElement, name: string): HTMLInputElement {
  return form.elements.namedItem(name) as HTMLInputElement;
}

// ---- the server's question

interface Known { id: string; type: 'public-key'; transports?: AuthenticatorTransport[] }

async function asked<T>(form: HTMLFormElement, address: string, whole = false): Promise<T> {
  const about = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === 'string' && ['csrf_token', 'seen'].includes(name)) about.append(name, value);
  }
  const answer = await fetch(address, { method: 'POST', body: whole ? new FormData(form) : about });
  const told = await answer.json() as T & { problem?: string };
  if (!answer.ok) throw new Refused(told.problem);
  return told;
}

// ---- the device's answer; bytes travel as base64url

/** `whole`: the answer is good for all that stands in the form, so the question is asked with it. */
async function got(form: HTMLFormElement, address: string, whole = false): Promise<string> {
  interface Question { challenge: string; rpId: string; allowCredentials: Known[]; userVerification: UserVerificationRequirement }
  const question = await asked<Question>(form, address, whole);
  const publicKey = {
    ...question,
    challenge: bytes(question.challenge),
    allowCredentials: question.allowCredentials.map(known),
  };
  const found = await navigator.credentials.get({ publicKey }) as PublicKeyCredential;
  const response = found.response as AuthenticatorAssertionResponse;
  return written(found, {
    clientDataJSON: text(response.clientDataJSON),
    authenticatorData: text(response.authenticatorData),
    signature: text(response.signature),
    ...response.userHandle ? { userHandle: text(response.userHandle) } : {},
  });
}

async function made(form: HTMLFormElement, address: string): Promise<string> {
  interface Wanted extends Omit<PublicKeyCredentialCreationOptions, 'challenge' | 'user' | 'excludeCredentials'> {
    challenge: string; user: { id: string; name: string; displayName: string }; excludeCredentials: Known[];
  }
  const wanted = await asked<Wanted>(form, address);
  const publicKey = {
    ...wanted,
    challenge: bytes(wanted.challenge),
    user: { ...wanted.user, id: bytes(wanted.user.id) },
    excludeCredentials: wanted.excludeCredentials.map(known),
  };
  const found = await navigator.credentials.create({ publicKey }) as PublicKeyCredential;
  const response = found.response as AuthenticatorAttestationResponse;
  return written(found, {
    clientDataJSON: text(response.clientDataJSON),
    attestationObject: text(response.attestationObject),
    transports: response.getTransports?.() ?? [],
  });
}

function written(found: PublicKeyCredential, response: object): string {
  const rawId = text(found.rawId);
  return JSON.stringify({ id: rawId, rawId, type: found.type, response, clientExtensionResults: {} });
}

function known(one: Known): PublicKeyCredentialDescriptor {
  return { ...one, id: bytes(one.id) };
}

function bytes(encoded: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(encoded.replace(/-/g, '+').replace(/_/g, '/')), letter => letter.charCodeAt(0));
}

function text(data: ArrayBuffer): string {
  const letters = String.fromCharCode(...new Uint8Array(data));
  return btoa(letters).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}
