/* SPDX-License-Identifier: Apache-2.0 */

/* A shell that runs WebAssembly programs: all of it is in the module. */

int main(void)
{
    return 0;
}
