/* SPDX-License-Identifier: Apache-2.0 */

/* Nothing but the shell: what is added to it is what it costs. */

int main(void)
{
    return 0;
}
