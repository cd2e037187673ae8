import { describe, expect, it } from "vitest";
import { diagnose as finding } from "../../dist/checks/diagnose";
import { tensor } from "../../dist/tensor";

const diagnose = (...args: Parameters<typeof finding>) => finding(...args)?.message;

describe("diagnose", () => {
  const right = [
    [1, 2],
    [3, 4.5],
  ];
  const named = { name: "y" };

  it("accepts tensors and nested arrays that are equal up to rounding", () => {
    expect(diagnose(tensor(right), right)).toBeUndefined();
    expect(
      diagnose(
        [
          [1 + 1e-9, 2],
          [3, 4.5],
        ],
        right,
      ),
    ).toBeUndefined();
    expect(diagnose(3, tensor(3))).toBeUndefined();
    expect(diagnose([0, 1e-17], [0, 0])).toBeUndefined();
  });

  it("says of what kind it is, and apart from the values what the mistake is", () => {
    const kindOf = (...args: Parameters<typeof finding>) => finding(...args)?.kind;
    const message = "you took the mean";
    expect(finding([1, 2], right, [{ message, value: [1, 2] }])).toEqual({
      kind: "misconception",
      message,
      misconception: message,
    });
    expect(finding([1, 2], right)).not.toHaveProperty("misconception");
    expect(kindOf(undefined, right)).toBe("type");
    expect(kindOf(Promise.resolve(), right)).toBe("type");
    expect(kindOf("4", right)).toBe("type");
    expect(kindOf([1, 2], right)).toBe("shape");
    expect(kindOf([1, NaN], [1, 2])).toBe("not finite");
    expect(kindOf([-1, -2], [1, 2])).toBe("factor");
    expect(kindOf([2, 4], [1, 2])).toBe("factor");
    expect(kindOf([1, 3], [1, 2])).toBe("values");
  });

  it("names the misconception that gives the same values, whatever its shape", () => {
    const known = [
      {
        message: "never applicable",
        value: () => {
          throw new Error();
        },
      },
      { message: "you took the mean over the rows", value: [1.5, 3.75] },
    ];
    expect(diagnose([1.5, 3.75], right, known)).toBe("you took the mean over the rows");
    expect(diagnose([1.5, 3.7], right, known)).toBe(
      "the result is [1.5, 3.7]; it must be an array of shape [2, 2], 2 rows of 2 numbers.",
    );
  });

  it.each([
    ["nothing", undefined, /`y` is undefined; .*shape \[2, 2\].*`return`/],
    ["a promise", Promise.resolve(), /promise/],
    ["a string", "4", /is a string; it must be an array of shape \[2, 2\].*leave out `toFixed`/],
    [
      "numbers as text",
      [["1.0", "2.0"]],
      /is an array with text in it; .*such as "1\.0": leave out `toFixed`/,
    ],
    ["null", null, /is null/],
    ["ragged rows", [[1], [2, 3]], /not made of numbers in equal rows/],
    [
      "another shape",
      [[1, 2, 3]],
      /`y` is \[\[1, 2, 3\]\]; it must be an array of shape \[2, 2\], 2 rows of 2 numbers\.$/,
    ],
    ["a tensor of another shape", tensor([[1, 2, 3]]), /`y` has shape \[1, 3\]; it must be an array/],
    ["kept axes", [right], /axes of length 1/],
    [
      "NaN",
      [
        [1, NaN],
        [3, 4],
      ],
      /`y\[0, 1\]` is NaN; it must be 2\.0/,
    ],
    [
      "infinity",
      [
        [1, 2],
        [Infinity, 4],
      ],
      /`y\[1, 0\]` is Infinity/,
    ],
    [
      "the wrong sign",
      [
        [-1, -2],
        [-3, -4.5],
      ],
      /wrong sign/,
    ],
    [
      "half of it",
      [
        [0.5, 1],
        [1.5, 2.25],
      ],
      /every value of `y` is 0\.5 times/,
    ],
    [
      "one wrong element",
      [
        [1, 2],
        [3.25, 4.5],
      ],
      /`y\[1, 0\]` is 3\.25; it must be 3\./,
    ],
    [
      "a tiny difference",
      [
        [1, 2.00001],
        [3, 4.5],
      ],
      /is 2\.00001; it must be 2\./,
    ],
  ])("says what is wrong with %s", (_, actual, message) => {
    expect(diagnose(actual, right, [], named)).toMatch(message);
  });

  it("asks for what is asked for: a tensor, an array, a number", () => {
    expect(diagnose([1, 2, 3], tensor([1, 2]))).toMatch(/is \[1, 2, 3\]; it must be a tensor of shape \[2\]/);
    expect(diagnose([1, 2, 3], [1])).toMatch(/it must be an array of 1 number\./);
    expect(diagnose([32], 32)).toBe("the result is [32]; it must be the number 32. Drop the brackets.");
  });

  it("takes rounding errors around 0 for no multiple of what is right", () => {
    const rounded = [1e-17, -3e-17, 2e-17];
    expect(diagnose(rounded, [0.2, -0.4, 0.3])).toMatch(/at \[0\] is 1e-17; it must be 0\.2/);
    expect(diagnose([0.5, -1], [1, -2])).toMatch(/0\.5 times/);
  });

  it("shows as many digits as it takes to see the difference", () => {
    expect(diagnose([1, 2.00000001], [1, 2], [], { tolerance: 1e-12 })).toMatch(
      /2\.00000001; it must be 2\./,
    );
  });
});
