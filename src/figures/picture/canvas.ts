/** The little of a 2d canvas that Plotly needs for heatmaps and images: filled rectangles, as a PNG. */
import { textWidth } from "./fonts";
import { encodePng } from "./png";

interface CanvasElement {
  width: number;
  height: number;
}

/** "rgb(1,2,3)", "rgba(1,2,3,0.5)" and "#010203" as four bytes. */
function parseColor(color: string): [number, number, number, number] {
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(color);
  if (hex) return [parseInt(hex[1], 16), parseInt(hex[2], 16), parseInt(hex[3], 16), 255];
  const numbers = (color.match(/[\d.]+(e-?\d+)?/g) ?? []).map(Number);
  if (!/^rgba?\(/.test(color) || numbers.length < 3) return [0, 0, 0, 255];
  const [red, green, blue, alpha = 1] = numbers;
  return [red, green, blue, alpha * 255];
}

/** A drawing surface; what a static picture never uses does nothing. */
export class Canvas2d {
  fillStyle = "#000000";
  font = "12px DejaVu Sans";
  private pixels: Uint8ClampedArray | undefined;

  constructor(readonly canvas: CanvasElement) {}

  private surface(): Uint8ClampedArray {
    const length = this.canvas.width * this.canvas.height * 4;
    if (this.pixels?.length !== length) this.pixels = new Uint8ClampedArray(length);
    return this.pixels;
  }

  fillRect(left: number, top: number, width: number, height: number): void {
    const color = parseColor(this.fillStyle);
    const pixels = this.surface();
    const right = Math.min(this.canvas.width, Math.round(left + width));
    const bottom = Math.min(this.canvas.height, Math.round(top + height));
    for (let y = Math.max(0, Math.round(top)); y < bottom; y++) {
      for (let x = Math.max(0, Math.round(left)); x < right; x++) {
        pixels.set(color, (y * this.canvas.width + x) * 4);
      }
    }
  }

  createImageData(width: number, height: number): { width: number; height: number; data: Uint8ClampedArray } {
    return { width, height, data: new Uint8ClampedArray(width * height * 4) };
  }

  putImageData({ data }: { data: Uint8ClampedArray }): void {
    this.surface().set(data);
  }

  measureText(text: string): { width: number } {
    const size = Number(/([\d.]+)px/.exec(this.font)?.[1] ?? 12);
    return {
      width: textWidth(text, { size, bold: /bold/.test(this.font), italic: /italic/.test(this.font) }),
    };
  }

  toDataURL(): string {
    const { width, height } = this.canvas;
    return `data:image/png;base64,${encodePng(width, height, this.surface()).toString("base64")}`;
  }
}
