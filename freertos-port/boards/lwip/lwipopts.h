/* SPDX-License-Identifier: Apache-2.0 */

/* lwIP with its loopback interface and TCP. */

#ifndef LWIPOPTS_H
#define LWIPOPTS_H

/* What Thimble asks for. */
#define NO_SYS 0
#define LWIP_TCP 1
#define LWIP_NETCONN 1
#define LWIP_SOCKET 1
#define LWIP_ERRNO_STDINCLUDE 1
#define SO_REUSE 1

#define LWIP_COMPAT_SOCKETS 0
#define LWIP_TIMEVAL_PRIVATE 0
#define SYS_LIGHTWEIGHT_PROT 1

#define LWIP_IPV4 1
#define LWIP_IPV6 1
#define LWIP_HAVE_LOOPIF 1
#define LWIP_ARP 0
#define LWIP_ETHERNET 0
#define LWIP_DNS 0
#define LWIP_DHCP 0
#define LWIP_UDP 0
#define LWIP_RAW 0
#define LWIP_STATS 0

/* Each connection has both of its ends here. */
#define MEM_ALIGNMENT 8
#define MEM_SIZE 65536
#define MEMP_NUM_NETCONN 16
#define MEMP_NUM_TCP_PCB 16
#define MEMP_NUM_TCP_PCB_LISTEN 8
#define MEMP_NUM_TCP_SEG 64
#define PBUF_POOL_SIZE 16
#define TCP_MSS 1460
#define TCP_WND (4 * TCP_MSS)
#define TCP_SND_BUF (4 * TCP_MSS)
#define TCP_SND_QUEUELEN 32
#define TCP_LISTEN_BACKLOG 1

#define TCPIP_THREAD_NAME "lwip"
#define TCPIP_THREAD_PRIO 4
#define TCPIP_THREAD_STACKSIZE 4096
#define TCPIP_MBOX_SIZE 16
#define DEFAULT_TCP_RECVMBOX_SIZE 16
#define DEFAULT_ACCEPTMBOX_SIZE 8

#endif
