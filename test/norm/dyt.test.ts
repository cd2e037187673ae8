import { suite } from "./suite";

suite("dyt");
