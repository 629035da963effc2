// <bw-passkey data-begin data-kind>: makes or shows a passkey, puts the browser's answer into the form around it, and sends the form. It is hidden where the
// browser cannot.
class Passkey extends HTMLElement {
  connectedCallback() {
    const can = window.PublicKeyCredential && PublicKeyCredential.parseRequestOptionsFromJSON && PublicKeyCredential.parseCreationOptionsFromJSON;
    if (!can) return;
    this.hidden = false;
    this.querySelector('[data-do]').addEventListener('click', () => this.go());
  }

  async go() {
    const form = this.closest('form');
    const said = this.querySelector('[data-said]');
    said.textContent = '';
    if (!form.reportValidity()) return;
    try {
      const r = await fetch(this.dataset.begin, {method: 'POST', headers: {Accept: 'application/json'}});
      if (!r.ok) throw new Error(r.statusText);
      const {options, state} = await r.json();
      const answer = this.dataset.kind === 'create'
        ? await navigator.credentials.create({publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options.publicKey)})
        : await navigator.credentials.get({publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options.publicKey)});
      form.elements.state.value = state;
      form.elements.answer.value = JSON.stringify(answer.toJSON());
      form.submit();
    } catch (e) {
      said.textContent = this.dataset.failed;
      console.info(String(e));
    }
  }
}
customElements.define('bw-passkey', Passkey);
