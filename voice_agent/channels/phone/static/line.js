// The line: Media Streams as Twilio's end speaks it. Frames, keys and marks go up; audio, marks
// and clears come down to whoever listens. All numbers are strings, as Twilio sends them.

const FRAME_MS = 20;

export class Line {
  /** `placed`: what the server answered when the call was placed. */
  constructor(placed, { onAudio, onMark, onClear, onEnd }) {
    this.placed = placed;
    this.sequence = 0;
    this.frames = 0;
    this.ended = false;
    this.on = { onAudio, onMark, onClear, onEnd };
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    this.socket = new WebSocket(`${scheme}://${location.host}/twilio/media`);
    this.socket.onopen = () => this.start();
    this.socket.onmessage = ({ data }) => this.receive(JSON.parse(data));
    this.socket.onclose = ({ wasClean }) => this.end(!wasClean);
  }

  start() {
    const { stream_sid: streamSid, call_sid: callSid, account_sid: accountSid } = this.placed;
    this.socket.send(JSON.stringify({ event: "connected", protocol: "Call", version: "1.0.0" }));
    this.send("start", {
      start: {
        streamSid,
        accountSid,
        callSid,
        tracks: ["inbound"],
        customParameters: this.placed.parameters,
        mediaFormat: { encoding: "audio/x-mulaw", sampleRate: 8000, channels: 1 },
      },
    });
  }

  /** 20 ms of µ-law. */
  frame(bytes) {
    this.frames += 1;
    this.send("media", {
      media: {
        track: "inbound",
        chunk: String(this.frames),
        timestamp: String((this.frames - 1) * FRAME_MS),
        payload: btoa(String.fromCharCode(...bytes)),
      },
    });
  }

  key(digit) {
    this.send("dtmf", { dtmf: { track: "inbound_track", digit } });
  }

  mark(name) {
    this.send("mark", { mark: { name } });
  }

  hangUp() {
    const { call_sid: callSid, account_sid: accountSid } = this.placed;
    this.send("stop", { stop: { accountSid, callSid } });
    this.socket.close();
    this.end();
  }

  send(event, body) {
    if (this.socket.readyState !== WebSocket.OPEN) return;
    this.sequence += 1;
    const streamSid = this.placed.stream_sid;
    const sequenceNumber = String(this.sequence);
    this.socket.send(JSON.stringify({ event, sequenceNumber, streamSid, ...body }));
  }

  receive(message) {
    if (message.event === "media") {
      this.on.onAudio(Uint8Array.from(atob(message.media.payload), (c) => c.charCodeAt(0)));
    } else if (message.event === "mark") this.on.onMark(message.mark.name);
    else if (message.event === "clear") this.on.onClear();
  }

  /** `lost`: neither side hung up. */
  end(lost = false) {
    if (this.ended) return;
    this.ended = true;
    this.on.onEnd(lost);
  }
}
