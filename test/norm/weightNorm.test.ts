import { suite } from "./suite";

suite("weightNorm");
