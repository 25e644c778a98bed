// Lets a Node process live in faster time, from an instant that the whole suite shares; timers keep their real length.
const RealDate = Date;
const anchorMs = Number(process.env.STEPSHIFT_E2E_ANCHOR_MS);
const speed = Number(process.env.STEPSHIFT_E2E_SPEED);

const now = () => Math.floor(anchorMs + (RealDate.now() - anchorMs) * speed);

globalThis.Date = class Date extends RealDate {
  constructor(...given) {
    if (given.length === 0) super(now());
    else super(...given);
  }

  static now() {
    return now();
  }

  static [Symbol.hasInstance](value) {
    return Object.prototype.toString.call(value) === '[object Date]';
  }
};
